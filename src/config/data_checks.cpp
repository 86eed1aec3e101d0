#include "config/data_checks.h"

#include <algorithm>
#include <string>
#include <vector>

#include "config/enum_names.h"
#include "config/scalar_text.h"

namespace weft {
namespace {

std::string file_count(std::size_t count) {
  return count == 0 ? "no file" : std::to_string(count) + (count == 1 ? " file" : " files");
}

/// Whether every file of a side has both, and need not be named on the other.
bool holds_pairs(const std::vector<TextFormat>& formats) {
  return std::none_of(formats.begin(), formats.end(), [](TextFormat format) {
    return format == TextFormat::kLines || format == TextFormat::kNBest;
  });
}

/// The keys of the training text, or those of the validation text.
struct SideKeys {
  const char *source, *target, *format;
};

void check_files(const SideKeys& keys, const std::vector<std::string>& source,
                 const std::vector<std::string>& target, const std::vector<TextFormat>& formats,
                 std::size_t sources, Checker& checker) {
  const bool named_once = target.empty() && holds_pairs(formats) && sources == 1;
  checker.require(
      named_once || source.size() == sources * target.size(),
      {keys.source, keys.target, "data.source_kind"},
      std::string(keys.source) + " has " + file_count(source.size()) + ", " + keys.target +
          " has " + file_count(target.size()) +
          (sources == 1 ? "; expected as many on each side"
                        : "; expected as many for each of the " + std::to_string(sources) +
                              " sources in data.source_kind"));
  const std::size_t files = source.size() / std::max<std::size_t>(sources, 1);
  checker.require(formats.size() == 1 || formats.size() == files, {keys.format, keys.source},
                  std::string(keys.format) + " is a list of " + std::to_string(formats.size()) +
                      "; expected one, or one for each of the " + std::to_string(files) +
                      " files of " + keys.source);
  for (std::size_t i = 0; i < std::min(source.size(), target.size()); ++i) {
    if (formats.size() > 1 && i >= formats.size()) break;
    const auto format = formats.size() == 1 ? formats.front() : formats[i];
    if (format == TextFormat::kLines || format == TextFormat::kNBest) continue;
    checker.require(source[i] == target[i] && sources == 1, {keys.target, keys.format},
                    std::string(keys.format) + " is " + to_name(format) + ", but " + keys.target +
                        " has '" + target[i] + "' beside '" + source[i] +
                        "'; expected the same file, which has both sides");
  }
}

void check_data(const DataOptions& data, Checker& checker) {
  const auto sources = data.source_kind.size();
  check_files({"data.train_source", "data.train_target", "data.train_format"}, data.train_source,
              data.train_target, data.train_format, sources, checker);
  check_files({"data.valid_source", "data.valid_target", "data.valid_format"}, data.valid_source,
              data.valid_target, data.valid_format, sources, checker);
  const bool one_text = sources == 1 && data.source_kind.front() == SourceKind::kText;
  for (const auto& [key, formats] : {std::pair{"data.train_format", &data.train_format},
                                     std::pair{"data.valid_format", &data.valid_format}}) {
    for (const auto format : *formats)
      checker.require(format == TextFormat::kLines || one_text, {key, "data.source_kind"},
                      std::string(key) + " is " + to_name(format) +
                          "; expected lines, because data.source_kind is not one text");
  }
  checker.require(data.json_keys.size() == 2, {"data.json_keys"},
                  "data.json_keys is a list of " + std::to_string(data.json_keys.size()) +
                      "; expected two names, of source and target");
}

void check_tags(const Config& config, Checker& checker) {
  const auto& tags = config.data.corpora.tags;
  for (const auto& tag : tags) {
    checker.require(tag.find_first_of(" \t\r\n\v\f") == std::string::npos, {"data.corpora.tags"},
                    "data.corpora.tags has '" + tag + "'; expected a word without blanks");
  }
  const bool any =
      std::any_of(tags.begin(), tags.end(), [](const auto& tag) { return !tag.empty(); });
  checker.require(!any || config.model.embedding.factors.empty(),
                  {"data.corpora.tags", "model.embedding.factors"},
                  "data.corpora.tags has tags, but the words of model.embedding.factors carry "
                  "factors; expected one of the two");
  checker.require(!any || config.data.source_kind.front() == SourceKind::kText,
                  {"data.corpora.tags", "data.source_kind"},
                  "data.corpora.tags has tags, but the first of data.source_kind is not text");
}

void check_corpora(const Config& config, Checker& checker) {
  const auto& data = config.data;
  const auto corpora = corpus_count(data);
  const auto require_each = [&](const char* key, std::size_t entries) {
    checker.require(entries == 0 || entries == corpora, {key, "data.train_source"},
                    std::string(key) + " is a list of " + std::to_string(entries) +
                        "; expected one for each of the " + std::to_string(corpora) +
                        " training files of a side");
  };
  require_each("data.corpora.weights", data.corpora.weights.size());
  require_each("data.corpora.tags", data.corpora.tags.size());
  require_each("data.train_sentence_weights", data.train_sentence_weights.size());
  require_each("data.train_word_weights", data.train_word_weights.size());
  double sum = 0;
  for (const double weight : data.corpora.weights) sum += weight;
  checker.require(data.corpora.weights.empty() || sum > 0, {"data.corpora.weights"},
                  "data.corpora.weights sum to 0; expected one above 0");
  checker.require(data.corpora.weights.empty() || data.corpora.temperature == 0,
                  {"data.corpora.temperature", "data.corpora.weights"},
                  "data.corpora has weights and a temperature; expected one of the two");
  check_tags(config, checker);
}

void check_filter(const FilterOptions& filter, Checker& checker) {
  checker.require(filter.max_ratio == 0 || filter.max_ratio >= 1, {"data.filter.max_ratio"},
                  "data.filter.max_ratio is " + shortest_number(filter.max_ratio) +
                      "; expected at least 1, or 0 for no limit");
}

void check_subword_sampling(const Config& config, Checker& checker) {
  const auto& sampling = config.data.subword_sampling;
  checker.require(
      !sampling.is_on() || config.vocabulary.type == VocabularyType::kSentencePiece,
      {"data.subword_sampling.source", "data.subword_sampling.target", "vocabulary.type"},
      "data.subword_sampling draws segmentations, but vocabulary.type is words; expected "
      "sentencepiece");
  checker.require(!sampling.is_on() || config.model.embedding.factors.empty(),
                  {"data.subword_sampling.source", "model.embedding.factors"},
                  "data.subword_sampling draws segmentations, but words carry "
                  "model.embedding.factors; expected one of the two");
}

void check_sources(const Config& config, Checker& checker) {
  const auto sources = config.data.source_kind.size();
  const auto sizes = config.vocabulary.source_size.size();
  checker.require(sizes == 1 || sizes == sources, {"vocabulary.source_size", "data.source_kind"},
                  "vocabulary.source_size is a list of " + std::to_string(sizes) +
                      "; expected one size, or one for each of the " + std::to_string(sources) +
                      " sources in data.source_kind");
  checker.require(
      sources == 1 || config.model.attention.kind == AttentionKind::kSoft,
      {"model.attention.kind", "data.source_kind"},
      "model.attention.kind is hard, which learns from one annotation drawn for a word; "
      "expected soft, because data.source_kind has several sources");
}

void check_word_normalization(const VocabularyOptions& vocabulary, Checker& checker) {
  const auto check = [&](const char* key, WordNormalization normalization) {
    checker.require(
        normalization == WordNormalization::kNone || vocabulary.type == VocabularyType::kWords,
        {key, "vocabulary.type"},
        std::string(key) + " is " + to_name(normalization) +
            ", but vocabulary.type is sentencepiece, which has "
            "vocabulary.normalization; expected none");
  };
  constexpr const char* kSource = "vocabulary.source_word_normalization";
  constexpr const char* kTarget = "vocabulary.target_word_normalization";
  check(kSource, vocabulary.source_word_normalization);
  check(kTarget, vocabulary.target_word_normalization);
  checker.require(!vocabulary.shared ||
                      vocabulary.source_word_normalization == vocabulary.target_word_normalization,
                  {kTarget, kSource, "vocabulary.shared"},
                  std::string(kTarget) + " is " + to_name(vocabulary.target_word_normalization) +
                      " and " + kSource + " " + to_name(vocabulary.source_word_normalization) +
                      "; expected the same, because vocabulary.shared is true");
}

void check_vocabulary(const VocabularyOptions& vocabulary, Checker& checker) {
  check_word_normalization(vocabulary, checker);
  if (vocabulary.source_size.empty()) return;  // is told of elsewhere
  const int64_t source_size = vocabulary.source_size.front();
  checker.require(!vocabulary.shared || source_size == vocabulary.target_size,
                  {"vocabulary.target_size", "vocabulary.source_size", "vocabulary.shared"},
                  "vocabulary.target_size is " + std::to_string(vocabulary.target_size) +
                      " and vocabulary.source_size " + std::to_string(source_size) +
                      "; expected the same number, because vocabulary.shared is true");
  if (vocabulary.shared) {
    checker.require(
        vocabulary.target_file.empty() || vocabulary.target_file == vocabulary.source_file,
        {"vocabulary.target_file", "vocabulary.source_file", "vocabulary.shared"},
        "vocabulary.target_file differs from vocabulary.source_file; expected the same file or "
        "none, because vocabulary.shared is true");
    return;
  }
  const bool has_source = !vocabulary.source_file.empty();
  const std::string given = has_source ? "vocabulary.source_file" : "vocabulary.target_file";
  const std::string missing = has_source ? "vocabulary.target_file" : "vocabulary.source_file";
  checker.require(has_source == !vocabulary.target_file.empty(),
                  {"vocabulary.source_file", "vocabulary.target_file", "vocabulary.shared"},
                  given + " is given without " + missing +
                      "; expected both or neither, because vocabulary.shared is false");
}

void check_embedding_tying(const Config& config, Checker& checker) {
  const EmbeddingOptions& embedding = config.model.embedding;
  const std::string tying = "model.embedding.tying is " + to_name(embedding.tying);
  const bool ties_all = embedding.tying == EmbeddingTying::kAll;
  checker.require(!ties_all || config.vocabulary.shared,
                  {"model.embedding.tying", "vocabulary.shared"},
                  tying +
                      ", which needs one vocabulary for both sides; expected "
                      "vocabulary.shared to be true");
  checker.require(!ties_all || embedding.source == embedding.target,
                  {"model.embedding.target", "model.embedding.source", "model.embedding.tying"},
                  "model.embedding.target is " + std::to_string(embedding.target) +
                      " and model.embedding.source " + std::to_string(embedding.source) +
                      "; expected the same number, because " + tying);
  checker.require(
      embedding.tying == EmbeddingTying::kNone || config.model.decoder.readout == embedding.target,
      {"model.decoder.readout", "model.embedding.target", "model.embedding.tying"},
      "model.decoder.readout is " + std::to_string(config.model.decoder.readout) +
          "; expected model.embedding.target, " + std::to_string(embedding.target) + ", because " +
          tying);
}

void check_factors(const Config& config, Checker& checker) {
  const auto& separator = config.data.factor_separator;
  checker.require(!separator.empty() && separator.find_first_of(" \t") == std::string::npos,
                  {"data.factor_separator"},
                  "data.factor_separator is '" + separator +
                      "'; expected characters other than blanks, because blanks separate words");
  const EmbeddingOptions& embedding = config.model.embedding;
  if (embedding.factor_combine == FactorCombination::kConcat) return;
  for (const int64_t width : embedding.factors) {
    checker.require(
        width == embedding.source,
        {"model.embedding.factors", "model.embedding.source", "model.embedding.factor_combine"},
        "model.embedding.factors has a width of " + std::to_string(width) +
            "; expected model.embedding.source, " + std::to_string(embedding.source) +
            ", because model.embedding.factor_combine is sum");
  }
}

}  // namespace

void check_text(const Config& config, Checker& checker) {
  check_data(config.data, checker);
  check_corpora(config, checker);
  check_filter(config.data.filter, checker);
  check_subword_sampling(config, checker);
  check_sources(config, checker);
  check_vocabulary(config.vocabulary, checker);
  check_embedding_tying(config, checker);
  check_factors(config, checker);
}

}  // namespace weft

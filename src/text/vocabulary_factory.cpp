#include "text/vocabulary_factory.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/read_file.h"
#include "config/enum_names.h"
#include "text/sentencepiece_trainer.h"
#include "text/sentencepiece_vocabulary.h"
#include "text/word_counts.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

/// One side's vocabulary: where it comes from, and what its size is called in the config.
struct Side {
  std::string file;
  std::vector<TextFile> text;
  int64_t size;
  std::string size_name;
  WordNormalization normalization;
  std::string normalization_name;
  std::vector<std::string> tags = {};  // tokens that it has in any case
};

void warn_of_odd_pieces(const Vocabulary& vocabulary, const std::string& name) {
  const std::string odd = describe_odd_pieces(vocabulary);
  if (!odd.empty())
    log_warning(name + ": some pieces hold what formats of output give a meaning (" + odd + ")");
}

void warn_of_unreachable_words(const Vocabulary& vocabulary, const std::string& name) {
  const auto* words = dynamic_cast<const WordVocabulary*>(&vocabulary);
  const int64_t lost = words == nullptr ? 0 : words->unreachable_words();
  if (lost > 0)
    log_warning(name + ": " + std::to_string(lost) + " words are not in the form " +
                to_name(words->normalization()) + " and will never be found");
}

std::shared_ptr<Vocabulary> given_vocabulary(const std::string& file, VocabularyType type,
                                             WordNormalization normalization,
                                             const std::string& key) {
  auto bytes = read_file(file);
  if (type == VocabularyType::kWords)
    bytes = normalized_list(std::move(bytes), normalization, file, key);
  return load_vocabulary(bytes, type, file);
}

std::shared_ptr<Vocabulary> build_side(const VocabularyOptions& options, const Side& side) {
  if (!side.file.empty()) {
    auto given =
        given_vocabulary(side.file, options.type, side.normalization, side.normalization_name);
    warn_of_odd_pieces(*given, side.file);
    warn_of_unreachable_words(*given, side.file);
    return given;
  }
  if (options.type == VocabularyType::kWords) {
    const std::string list =
        list_frequent_words(side.text, side.size, side.tags, side.normalization);
    return load_vocabulary(normalized_list(list, side.normalization, "word list", ""), options.type,
                           "word list");
  }
  const SentencePieceTraining training{
      options.model,         side.size,      options.character_coverage, options.normalization,
      options.byte_fallback, side.size_name, options.sample_lines,       side.tags};
  auto trained =
      load_vocabulary(train_sentencepiece(training, side.text), options.type, "trained model");
  if (trained->size() < side.size) {
    log_info(side.size_name + ": the text yields " + std::to_string(trained->size()) +
             " pieces of the " + std::to_string(side.size) + " asked for");
  }
  return trained;
}

/// Those that are not "", each once.
std::vector<std::string> distinct_tags(const std::vector<std::string>& tags) {
  std::vector<std::string> distinct;
  for (const auto& tag : tags) {
    if (!tag.empty() && std::find(distinct.begin(), distinct.end(), tag) == distinct.end())
      distinct.push_back(tag);
  }
  return distinct;
}

SourceFactors build_factors(const VocabularyOptions& options, const std::vector<TextColumn>& files,
                            const FactorFormat& format) {
  SourceFactors factors{format.separator, {}};
  if (format.count == 0) return factors;
  for (const auto& list : list_frequent_factors(files, format, options.factor_size)) {
    factors.vocabularies.push_back(
        load_vocabulary(list, VocabularyType::kWords, "list of factors"));
  }
  return factors;
}

/// Makes the source's side one of both.
void share(Side& source, const Side& target) {
  if (source.file.empty()) source.file = target.file;
  if (!target.file.empty() && target.file != source.file) {
    throw UserError("vocabulary.shared is true, but source_file is '" + source.file +
                    "' and target_file is '" + target.file + "'; expected one file");
  }
  source.text.insert(source.text.end(), target.text.begin(), target.text.end());
}

}  // namespace

std::shared_ptr<Vocabulary> load_vocabulary(const std::string& bytes, VocabularyType type,
                                            const std::string& name) {
  if (type == VocabularyType::kWords) return std::make_shared<WordVocabulary>(bytes, name);
  return std::make_shared<SentencePieceVocabulary>(bytes, name);
}

std::shared_ptr<Vocabulary> load_vocabulary(const std::string& bytes, std::string_view ending,
                                            const std::string& name) {
  const bool pieces = ending == SentencePieceVocabulary::kFileEnding || ending == ".model";
  return load_vocabulary(bytes, pieces ? VocabularyType::kSentencePiece : VocabularyType::kWords,
                         name);
}

std::shared_ptr<Vocabulary> load_vocabulary(const std::string& path) {
  const std::size_t dot = std::min(path.rfind('.'), path.size());
  auto vocabulary = load_vocabulary(read_file(path), std::string_view(path).substr(dot), path);
  warn_of_odd_pieces(*vocabulary, path);
  return vocabulary;
}

std::shared_ptr<Vocabulary> load_source_file(const VocabularyOptions& options) {
  return given_vocabulary(options.source_file, options.type, options.source_word_normalization,
                          "vocabulary.source_word_normalization");
}

std::shared_ptr<Vocabulary> load_target_file(const VocabularyOptions& options) {
  return given_vocabulary(options.target_file, options.type, options.target_word_normalization,
                          "vocabulary.target_word_normalization");
}

std::string describe_odd_pieces(const Vocabulary& vocabulary) {
  struct Oddity {
    std::string_view text;
    std::string_view name;
    int64_t pieces = 0;
  };
  Oddity oddities[] = {{"\n", "a line feed"},
                       {"\r", "a carriage return"},
                       {std::string_view("\0", 1), "NUL"},
                       {"\t", "a tab"},
                       {"|||", "'|||'"}};
  for (int64_t id = kFirstOrdinaryId; id < vocabulary.size(); ++id) {
    for (Oddity& oddity : oddities)
      oddity.pieces += vocabulary.piece(id).find(oddity.text) != std::string_view::npos;
  }
  std::string description;
  for (const Oddity& oddity : oddities) {
    if (oddity.pieces == 0) continue;
    description += (description.empty() ? "" : ", ") + std::string(oddity.name) + ": " +
                   std::to_string(oddity.pieces);
  }
  return description;
}

std::vector<int32_t> Vocabularies::encode_target(std::string_view line) const {
  auto ids = target->encode(line).ids;
  if (right_to_left) std::reverse(ids.begin(), ids.end());
  return ids;
}

bool read_the_same(const std::vector<SourceVocabulary>& a, const std::vector<SourceVocabulary>& b) {
  const auto same = [](const auto& x, const auto& y) { return x->serialized() == y->serialized(); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const auto& x, const auto& y) {
    const auto& of_x = x.factors.vocabularies;
    const auto& of_y = y.factors.vocabularies;
    if (!x.is_text() || !y.is_text()) return x.items == y.items;
    return same(x.vocabulary, y.vocabulary) && x.factors.separator == y.factors.separator &&
           std::equal(of_x.begin(), of_x.end(), of_y.begin(), of_y.end(), same);
  });
}

bool write_the_same(const Vocabularies& a, const Vocabularies& b) {
  return a.right_to_left == b.right_to_left && a.target->serialized() == b.target->serialized();
}

bool are_same(const Vocabularies& a, const Vocabularies& b) {
  return write_the_same(a, b) && read_the_same(a.sources, b.sources);
}

Vocabularies build_vocabularies(const VocabularyOptions& options,
                                const std::vector<std::vector<TextColumn>>& sources,
                                const std::vector<TextColumn>& target, const FactorFormat& factors,
                                const std::vector<ItemOptions>& items,
                                const std::vector<std::string>& tags) {
  Vocabularies all;
  Side target_side{options.target_file,
                   {target.begin(), target.end()},
                   options.target_size,
                   "vocabulary.target_size",
                   options.target_word_normalization,
                   "vocabulary.target_word_normalization"};
  for (std::size_t k = 0; k < sources.size(); ++k) {
    if (!items.empty() && !items[k].is_text()) {
      all.sources.push_back({nullptr, {}, items[k]});
      continue;
    }
    const auto& format = k == 0 ? factors : FactorFormat{};
    Side side{k == 0 ? options.source_file : "",       {},
              entry_of_source(options.source_size, k), "vocabulary.source_size",
              options.source_word_normalization,       "vocabulary.source_word_normalization"};
    if (k == 0) side.tags = distinct_tags(tags);
    for (const TextColumn& file : sources[k]) side.text.emplace_back(file, format);
    const SourceFactors of_words = build_factors(options, sources[k], format);
    if (k == 0 && options.shared) share(side, target_side);
    all.sources.push_back({build_side(options, side), of_words});
  }
  all.target = options.shared ? all.sources.front().vocabulary : build_side(options, target_side);
  return all;
}

}  // namespace weft

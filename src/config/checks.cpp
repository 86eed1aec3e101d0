#include "config/checks.h"

#include <algorithm>
#include <utility>

#include "config/checker.h"
#include "config/enum_names.h"
#include "config/item_checks.h"
#include "config/model_checks.h"
#include "config/rate_factor.h"
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

void check_learning_rate(const TrainingOptions& training, Checker& checker) {
  checker.require(training.schedule.minimum_rate <= training.optimizer.learning_rate,
                  {"training.schedule.minimum_rate", "training.optimizer.learning_rate"},
                  "training.schedule.minimum_rate is " +
                      shortest_number(training.schedule.minimum_rate) +
                      "; expected at most training.optimizer.learning_rate, " +
                      shortest_number(training.optimizer.learning_rate));
}

void check_optimizer(const OptimizerOptions& optimizer, Checker& checker) {
  const auto type = optimizer.type;
  const std::string is = ", but training.optimizer.type is " + to_name(type);
  const bool has_momentum = type == OptimizerType::kSgd || type == OptimizerType::kRmsprop;
  checker.require(optimizer.momentum == 0 || has_momentum,
                  {"training.optimizer.momentum", "training.optimizer.type"},
                  "training.optimizer.momentum is " + shortest_number(optimizer.momentum) + is +
                      "; expected sgd or rmsprop");
  checker.require(!optimizer.nesterov || type == OptimizerType::kSgd,
                  {"training.optimizer.nesterov", "training.optimizer.type"},
                  "training.optimizer.nesterov is true" + is + "; expected sgd");
  checker.require(!optimizer.nesterov || optimizer.momentum > 0,
                  {"training.optimizer.nesterov", "training.optimizer.momentum"},
                  "training.optimizer.nesterov is true, but training.optimizer.momentum is 0; "
                  "expected a number in (0, 1)");
  checker.require(optimizer.weight_decay == OptimizerOptions{}.weight_decay ||
                      optimizer.weight_decay == 0 || type == OptimizerType::kAdamW,
                  {"training.optimizer.weight_decay", "training.optimizer.type"},
                  "training.optimizer.weight_decay is " + shortest_number(optimizer.weight_decay) +
                      is + "; expected adamw");
}

void check_schedule(const ScheduleOptions& schedule, Checker& checker) {
  const bool several = (schedule.inverse_sqrt_steps > 0) + (schedule.exponential_steps > 0) +
                           (schedule.cosine_steps > 0) >
                       1;
  checker.require(!several,
                  {"training.schedule.cosine_steps", "training.schedule.exponential_steps",
                   "training.schedule.inverse_sqrt_steps"},
                  "training.schedule has more than one of inverse_sqrt_steps, exponential_steps "
                  "and cosine_steps; expected one way for the rate to fall");
  checker.require(schedule.cosine_steps == 0 || schedule.cosine_steps > schedule.warmup_steps,
                  {"training.schedule.cosine_steps", "training.schedule.warmup_steps"},
                  "training.schedule.cosine_steps is " + std::to_string(schedule.cosine_steps) +
                      "; expected more than training.schedule.warmup_steps, " +
                      std::to_string(schedule.warmup_steps));
}

void check_precision(const TrainingOptions& training, Checker& checker) {
  checker.require(training.precision != Precision::kInt8, {"training.precision"},
                  "training.precision is int8, which is for decoding.precision; expected auto, "
                  "float32 or bfloat16");
}

/// Whether the metric compares alignments, and nothing says which are right. Regions are no links.
bool lacks_links(const Config& config, ValidationMetric metric) {
  const auto& training = config.training;
  const bool compares = metric == ValidationMetric::kAer || (metric == ValidationMetric::kHeadAer &&
                                                             config.model.alignment_head.width > 0);
  return compares && training.validation.gold.empty() && !learns_links(config);
}

/// Alignments are compared with links where there are both.
void check_alignment_validation(const Config& config, Checker& checker) {
  const auto& validation = config.training.validation;
  const bool has_attention = config.model.attention.score != ScoreType::kNone;
  const bool has_head = config.model.alignment_head.width > 0;
  checker.require(validation.gold.empty() || has_attention || has_head,
                  {"training.validation.gold", "model.attention.score"},
                  "training.validation.gold is \"" + validation.gold +
                      "\", but model.attention.score is none: there are no alignments; expected "
                      "another score, or \"\"");
  checker.require(validation.gold.empty() || !config.data.valid_source.empty(),
                  {"training.validation.gold", "data.valid_source"},
                  "training.validation.gold is \"" + validation.gold +
                      "\", but there is nothing to validate on; expected data.valid_source and "
                      "data.valid_target");
  checker.require(!lacks_links(config, validation.metric), {"training.validation.metric"},
                  "training.validation.metric is " + to_name(validation.metric) +
                      ", but there are no links to compare with; expected "
                      "training.validation.gold, or a training.guided_alignment.weight > 0");
  checker.require(validation.metric != ValidationMetric::kAer || has_attention,
                  {"training.validation.metric", "model.attention.score"},
                  "training.validation.metric is aer, but model.attention.score is none; expected "
                  "another score, or metric head_aer with a model.alignment_head.width > 0");
  checker.require(validation.metric != ValidationMetric::kHeadAer || has_head,
                  {"training.validation.metric", "model.alignment_head.width"},
                  "training.validation.metric is head_aer, but model.alignment_head.width is 0; "
                  "expected a width > 0");
  checker.require(config.decoding.alignment_from != AlignmentFrom::kHead || has_head,
                  {"decoding.alignment_from", "model.alignment_head.width"},
                  "decoding.alignment_from is head, but model.alignment_head.width is 0; expected "
                  "a width > 0, or alignments from the attention");
}

void check_decoding(const Config& config, Checker& checker) {
  const auto& decoding = config.decoding;
  checker.require(
      decoding.coverage_penalty == 0 || config.model.attention.score != ScoreType::kNone,
      {"decoding.coverage_penalty", "model.attention.score"},
      "decoding.coverage_penalty is " + shortest_number(decoding.coverage_penalty) +
          ", but model.attention.score is none: nothing says what is covered; expected 0");
  checker.require(decoding.max_length == 0 || decoding.min_length < decoding.max_length,
                  {"decoding.min_length", "decoding.max_length"},
                  "decoding.min_length is " + std::to_string(decoding.min_length) +
                      "; expected less than decoding.max_length, " +
                      std::to_string(decoding.max_length));
}

/// Guided alignment teaches α itself: a distribution over one source that depends on the word.
void check_guided_alignment(const Config& config, Checker& checker) {
  const auto& guided = config.training.guided_alignment;
  const auto& attention = config.model.attention;
  constexpr const char* kWeight = "training.guided_alignment.weight";
  checker.require(learns_alignments(config) || guided.links.empty(),
                  {"training.guided_alignment.links", kWeight},
                  "training.guided_alignment.links is \"" + guided.links +
                      "\", but training.guided_alignment.weight is 0; expected a weight > 0, or a "
                      "model.alignment_head.width > 0");
  checker.require(learns_alignments(config) || guided.regions.empty(),
                  {"training.guided_alignment.regions", kWeight},
                  "training.guided_alignment.regions is \"" + guided.regions +
                      "\", but training.guided_alignment.weight is 0; expected a weight > 0, or a "
                      "model.alignment_head.width > 0");
  checker.require(guided.regions.empty() || config.data.source_kind.front() != SourceKind::kText,
                  {"training.guided_alignment.regions", "data.source_kind"},
                  "training.guided_alignment.regions is \"" + guided.regions +
                      "\", but the first source in data.source_kind is text, which is taught by "
                      "links; expected \"\"");
  const auto sources = config.data.source_kind.size();
  checker.require(config.model.alignment_head.width == 0 || sources == 1,
                  {"data.source_kind", "model.alignment_head.width"},
                  "data.source_kind is a list of " + std::to_string(sources) +
                      ", but there is an alignment head (model.alignment_head.width); expected one "
                      "source, whose alignment it can learn");
  if (guided.weight == 0) return;
  const auto require = [&](bool holds, const char* key, const std::string& value,
                           const std::string& expected) {
    checker.require(holds, {key, kWeight},
                    std::string(key) + " is " + value + ", but " + kWeight + " is " +
                        shortest_number(guided.weight) + "; expected " + expected);
  };
  const bool has_query =
      attention.score != ScoreType::kNone && attention.score != ScoreType::kFeedForward;
  require(has_query, "model.attention.score", to_name(attention.score),
          "a score that compares a query with annotations");
  require(attention.kind == AttentionKind::kSoft, "model.attention.kind", to_name(attention.kind),
          "soft");
  require(attention.window != AttentionWindowType::kPredictive, "model.attention.window",
          to_name(attention.window), "global or local_m, whose weights sum to 1");
  require(attention.normalization == WeightNormalization::kSoftmax, "model.attention.normalization",
          to_name(attention.normalization),
          "softmax: a cross-entropy with exact zeros is infinite");
  require(sources == 1, "data.source_kind", "a list of " + std::to_string(sources),
          "one source, whose attention can be guided");
}

// A default is never refused here: a dumped config writes it out and must read back.
void check_validation(const Config& config, Checker& checker) {
  const ValidationOptions& validation = config.training.validation;
  const ValidationOptions defaults;
  const bool has_files = !config.data.valid_source.empty();
  if (has_files && validation.every.count > 0) return;
  const auto require_off = [&](bool is_off, const char* key, const std::string& value) {
    const std::string reason = has_files ? "training.validation.every is 0; expected a period"
                                         : "there is nothing to validate on; expected "
                                           "data.valid_source and data.valid_target";
    checker.require(is_off,
                    {key, "data.valid_source", "data.valid_target", "training.validation.every"},
                    std::string(key) + " is " + value + ", but " + reason);
  };
  require_off(validation.metric == defaults.metric, "training.validation.metric",
              to_name(validation.metric));
  require_off(validation.patience == defaults.patience || validation.patience == 0,
              "training.validation.patience", std::to_string(validation.patience));
  const int64_t plateau = config.training.schedule.plateau_patience;
  require_off(plateau == ScheduleOptions{}.plateau_patience || plateau == 0,
              "training.schedule.plateau_patience", std::to_string(plateau));
}

/// Metrics besides the one that decides, and what they need.
void check_metrics(const Config& config, Checker& checker) {
  const ValidationOptions& validation = config.training.validation;
  constexpr const char* kMore = "training.validation.more_metrics";
  auto all = validation.more_metrics;
  all.push_back(validation.metric);
  std::sort(all.begin(), all.end());
  checker.require(std::adjacent_find(all.begin(), all.end()) == all.end(),
                  {kMore, "training.validation.metric"},
                  std::string(kMore) +
                      " names a metric twice, or training.validation.metric again; "
                      "expected others");
  checker.require(validation.more_patience.empty() ||
                      validation.more_patience.size() == validation.more_metrics.size(),
                  {"training.validation.more_patience", kMore},
                  "training.validation.more_patience has " +
                      std::to_string(validation.more_patience.size()) + " numbers; expected " +
                      std::to_string(validation.more_metrics.size()) +
                      ", one for each of more_metrics, or none");
  const auto is_watched = [&](ValidationMetric metric) {
    return std::find(all.begin(), all.end(), metric) != all.end();
  };
  checker.require(!is_watched(ValidationMetric::kCommand) || !validation.command.empty(),
                  {"training.validation.metric", kMore, "training.validation.command"},
                  "command is a metric, but training.validation.command is empty; expected a shell "
                  "command that prints a number");
  const bool validates = !config.data.valid_source.empty() && validation.every.count > 0;
  checker.require(
      validates || (validation.more_metrics.empty() && validation.command.empty()),
      {kMore, "training.validation.command", "data.valid_source", "training.validation.every"},
      std::string(validation.command.empty() ? kMore : "training.validation.command") +
          " is given, but there is no validation; expected data.valid_source, "
          "data.valid_target and a period");
  checker.require(!validation.sample_matrices || config.model.attention.score != ScoreType::kNone,
                  {"training.validation.sample_matrices", "model.attention.score"},
                  "training.validation.sample_matrices is true, but model.attention.score is none: "
                  "there are no matrices; expected false, or another score");
  for (const auto metric : validation.more_metrics) {
    const bool can_look =
        metric != ValidationMetric::kAer || config.model.attention.score != ScoreType::kNone;
    checker.require(can_look && !lacks_links(config, metric), {kMore, "model.attention.score"},
                    std::string(kMore) + " has " + to_name(metric) +
                        ", but there is no attention or there are no links "
                        "to compare with; expected training.validation.gold, or a "
                        "training.guided_alignment.weight > 0");
    checker.require(metric != ValidationMetric::kHeadAer || config.model.alignment_head.width > 0,
                    {kMore, "model.alignment_head.width"},
                    std::string(kMore) +
                        " has head_aer, but model.alignment_head.width is 0; "
                        "expected a width > 0");
  }
}

bool has_dropout(const DropoutOptions& dropout) {
  return dropout.embedding > 0 || dropout.hidden > 0 || dropout.readout > 0 ||
         dropout.source_word > 0 || dropout.target_word > 0 || dropout.recurrent > 0;
}

/// Losses where they have something to say.
void check_losses(const Config& config, Checker& checker) {
  const auto& training = config.training;
  const auto& attention = config.model.attention;
  const auto needs_attention = [&](double weight, const char* key) {
    checker.require(weight == 0 || attention.score != ScoreType::kNone,
                    {key, "model.attention.score"},
                    std::string(key) + " is " + shortest_number(weight) +
                        ", but model.attention.score is none; expected 0, or another score");
    checker.require(
        weight == 0 || attention.kind == AttentionKind::kSoft, {key, "model.attention.kind"},
        std::string(key) + " is " + shortest_number(weight) + ", but model.attention.kind is " +
            to_name(attention.kind) + "; expected 0, or soft attention");
  };
  needs_attention(training.coverage, "training.coverage");
  needs_attention(training.attention_entropy, "training.attention_entropy");
  checker.require(training.r_drop == 0 || has_dropout(config.model.dropout),
                  {"training.r_drop", "model.dropout.embedding", "model.dropout.hidden"},
                  "training.r_drop is " + shortest_number(training.r_drop) +
                      ", but there is no dropout, and two readings of a batch are the same; "
                      "expected 0, or a key of model.dropout > 0");
  const auto& risk = training.minimum_risk;
  constexpr const char* kRisk = "training.minimum_risk.weight";
  checker.require(risk.weight == 0 || attention.kind == AttentionKind::kSoft,
                  {kRisk, "model.attention.kind"},
                  std::string(kRisk) + " is " + shortest_number(risk.weight) +
                      ", but model.attention.kind is " + to_name(attention.kind) +
                      ", which draws contexts of its own; expected 0, or soft attention");
  checker.require(risk.weight == 0 || risk.count > 1 || risk.reference,
                  {"training.minimum_risk.count", "training.minimum_risk.reference"},
                  "training.minimum_risk.count is 1 and reference is false: there is nothing to "
                  "compare; expected more translations, or the reference");
  for (const auto& text : training.rate_factors) {
    checker.require(parse_rate_factor(text).has_value(), {"training.rate_factors"},
                    "training.rate_factors has '" + text +
                        "'; expected PATTERN=FACTOR with a factor in (0, 1000000]; "
                        "training.freeze keeps parameters as they are");
  }
}

}  // namespace

std::vector<LocatedProblem> check_config(const Config& config, const KeyPlaces& places) {
  Checker checker(places);
  check_data(config.data, checker);
  check_corpora(config, checker);
  check_filter(config.data.filter, checker);
  check_subword_sampling(config, checker);
  check_sources(config, checker);
  check_vocabulary(config.vocabulary, checker);
  check_embedding_tying(config, checker);
  check_factors(config, checker);
  check_model(config.model, config.data.source_kind, checker);
  check_items(config, checker);
  check_learning_rate(config.training, checker);
  check_optimizer(config.training.optimizer, checker);
  check_schedule(config.training.schedule, checker);
  check_precision(config.training, checker);
  check_validation(config, checker);
  check_metrics(config, checker);
  check_losses(config, checker);
  check_alignment_validation(config, checker);
  check_guided_alignment(config, checker);
  check_decoding(config, checker);
  return checker.take();
}

void require_training_files(const Config& config, const std::string& config_file) {
  if (!config.data.train_source.empty()) return;
  throw UserError(Location{.file = config_file},
                  "data.train_source is empty; expected the training text's files");
}

}  // namespace weft

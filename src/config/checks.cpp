#include "config/checks.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "config/encoder_widths.h"
#include "config/enum_names.h"
#include "config/scalar_text.h"

namespace weft {
namespace {

class Checker {
 public:
  explicit Checker(const KeyPlaces& places) : places_(places) {}

  /// `message` is reported at the first of `keys` that is written, unless `holds` or one of `keys`
  /// is unreadable.
  void require(bool holds, std::initializer_list<const char*> keys, const std::string& message) {
    if (holds) return;
    const auto unreadable = [&](const char* key) { return places_.unreadable.contains(key); };
    if (std::any_of(keys.begin(), keys.end(), unreadable)) return;
    for (const char* key : keys) {
      const auto place = places_.written.find(key);
      if (place == places_.written.end()) continue;
      problems_.push_back({place->second, message});
      return;
    }
    problems_.push_back({Location{.file = places_.file}, message});
  }

  std::vector<LocatedProblem> take() { return std::move(problems_); }

 private:
  const KeyPlaces& places_;
  std::vector<LocatedProblem> problems_;
};

std::string file_count(std::size_t count) {
  return count == 0 ? "no file" : std::to_string(count) + (count == 1 ? " file" : " files");
}

void check_data(const DataOptions& data, Checker& checker) {
  const auto require_pairs = [&](const char* source_key, const std::vector<std::string>& source,
                                 const char* target_key, const std::vector<std::string>& target) {
    checker.require(source.size() == target.size(), {source_key, target_key},
                    std::string(source_key) + " has " + file_count(source.size()) + ", " +
                        target_key + " has " + file_count(target.size()) +
                        "; expected as many on each side");
  };
  require_pairs("data.train_source", data.train_source, "data.train_target", data.train_target);
  require_pairs("data.valid_source", data.valid_source, "data.valid_target", data.valid_target);
}

void check_further_sources(const Config& config, Checker& checker) {
  const auto sources = config.vocabulary.further_sizes.size();
  const auto require = [&](const char* key, const std::vector<std::string>& files,
                           const char* source_key, const std::vector<std::string>& first) {
    checker.require(files.size() == sources * first.size(),
                    {key, "vocabulary.further_sizes", source_key},
                    std::string(key) + " has " + file_count(files.size()) + "; expected " +
                        file_count(sources * first.size()) + ", as many as " + source_key +
                        " for each of the " + std::to_string(sources) +
                        " further sources in vocabulary.further_sizes");
  };
  checker.require(
      sources == 0 || config.model.attention.kind == AttentionKind::kSoft,
      {"model.attention.kind", "vocabulary.further_sizes"},
      "model.attention.kind is hard, which learns from one annotation drawn for a word; "
      "expected soft, because vocabulary.further_sizes makes several sources");
  require("data.further_train_source", config.data.further_train_source, "data.train_source",
          config.data.train_source);
  require("data.further_valid_source", config.data.further_valid_source, "data.valid_source",
          config.data.valid_source);
}

void check_vocabulary(const VocabularyOptions& vocabulary, Checker& checker) {
  checker.require(!vocabulary.shared || vocabulary.source_size == vocabulary.target_size,
                  {"vocabulary.target_size", "vocabulary.source_size", "vocabulary.shared"},
                  "vocabulary.target_size is " + std::to_string(vocabulary.target_size) +
                      " and vocabulary.source_size " + std::to_string(vocabulary.source_size) +
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

void check_encoder(const EncoderOptions& encoder, Checker& checker) {
  const bool one_layer = encoder.layers == 1;
  const auto require_layers = [&](bool is_off, const char* key, const std::string& value) {
    checker.require(
        is_off || !one_layer, {key, "model.encoder.layers"},
        std::string(key) + " is " + value +
            ", which only applies above the first layer; expected model.encoder.layers to "
            "be at least 2");
  };
  require_layers(!encoder.residual, "model.encoder.residual", "true");
  require_layers(encoder.pyramid == 1, "model.encoder.pyramid", std::to_string(encoder.pyramid));
  checker.require(encoder.pyramid == 1 || encoder.direction != EncoderDirection::kAlternating,
                  {"model.encoder.pyramid", "model.encoder.direction"},
                  "model.encoder.pyramid is " + std::to_string(encoder.pyramid) +
                      "; expected 1, because model.encoder.direction is alternating, whose two "
                      "stacks meet only at the top");
  checker.require(
      encoder.type == EncoderType::kRecurrent || one_layer,
      {"model.encoder.layers", "model.encoder.type"},
      "model.encoder.layers is " + std::to_string(encoder.layers) +
          "; expected 1, because model.encoder.type is embeddings, which has no layers");
}

void check_decoder(const ModelOptions& model, Checker& checker) {
  const DecoderOptions& decoder = model.decoder;
  const auto require_layers = [&](bool is_set, const char* key) {
    checker.require(!is_set || decoder.layers > 1, {key, "model.decoder.layers"},
                    std::string(key) +
                        " is true, which only applies above the first layer; expected "
                        "model.decoder.layers to be at least 2");
  };
  require_layers(decoder.residual, "model.decoder.residual");
  require_layers(decoder.context_to_upper, "model.decoder.context_to_upper");
  checker.require(
      !decoder.context_to_upper || decoder.attention_place != AttentionPlace::kAfter,
      {"model.decoder.context_to_upper", "model.decoder.attention_place"},
      "model.decoder.context_to_upper is true; expected false, because "
      "model.decoder.attention_place is after: the top layer attends, and none is above it");
  checker.require(
      decoder.initial_state != InitialState::kLast || model.encoder.type == EncoderType::kRecurrent,
      {"model.decoder.initial_state", "model.encoder.type"},
      "model.decoder.initial_state is last; expected mean or zero, because "
      "model.encoder.type is " +
          to_name(model.encoder.type) + ", which has no states");
}

// A light recurrence multiplies no matrix by the state.
bool is_light(CellType cell) { return cell == CellType::kSru || cell == CellType::kSsru; }

void check_recurrence(const ModelOptions& model, Checker& checker) {
  const auto require = [&](CellType cell, int64_t depth, const char* cell_key,
                           const char* depth_key) {
    if (!is_light(cell)) return;
    const std::string given = std::string(cell_key) + " is " + to_name(cell);
    checker.require(depth == 1, {depth_key, cell_key},
                    std::string(depth_key) + " is " + std::to_string(depth) +
                        "; expected 1, because " + given +
                        ", in which a transition without input would only shrink the state");
    checker.require(model.dropout.recurrent == 0, {"model.dropout.recurrent", cell_key},
                    "model.dropout.recurrent is " + shortest_number(model.dropout.recurrent) +
                        "; expected 0, because " + given +
                        ", which multiplies no matrix by the state");
  };
  require(model.encoder.cell, model.encoder.transition_depth, "model.encoder.cell",
          "model.encoder.transition_depth");
  require(model.decoder.cell, model.decoder.transition_depth, "model.decoder.cell",
          "model.decoder.transition_depth");
  checker.require(model.dropout.recurrent == 0 || !model.decoder.input_feeding,
                  {"model.dropout.recurrent", "model.decoder.input_feeding"},
                  "model.dropout.recurrent is " + shortest_number(model.dropout.recurrent) +
                      "; expected 0, because model.decoder.input_feeding is true: its steps are "
                      "taken one by one, without a mask for the sequence");
}

/// What a score cannot be combined with.
void check_score(const AttentionOptions& attention, Checker& checker) {
  const std::string score = "model.attention.score is " + to_name(attention.score);
  const auto require = [&](bool holds, const char* key, const std::string& value,
                           const std::string& expected) {
    checker.require(
        holds, {key, "model.attention.score"},
        std::string(key) + " is " + value + ", but " + score + "; expected " + expected);
  };
  const bool none = attention.score == ScoreType::kNone;
  if (none || attention.score == ScoreType::kLocation) {
    require(attention.window == AttentionWindowType::kGlobal, "model.attention.window",
            to_name(attention.window), "global");
    require(attention.coverage == CoverageType::kNone, "model.attention.coverage",
            to_name(attention.coverage), "none");
  }
  if (!none) return;
  require(attention.heads == 1, "model.attention.heads", std::to_string(attention.heads), "1");
  require(attention.normalization == WeightNormalization::kSoftmax, "model.attention.normalization",
          to_name(attention.normalization), "softmax, the default");
}

/// What one drawn position cannot be combined with.
void check_hard_attention(const AttentionOptions& attention, Checker& checker) {
  if (attention.kind != AttentionKind::kHard) return;
  const auto require = [&](bool holds, const char* key, const std::string& value,
                           const std::string& expected) {
    checker.require(holds, {key, "model.attention.kind"},
                    std::string(key) + " is " + value +
                        ", but model.attention.kind is hard; expected " + expected);
  };
  const bool has_query =
      attention.score != ScoreType::kNone && attention.score != ScoreType::kFeedForward;
  require(has_query, "model.attention.score", to_name(attention.score),
          "a score that compares a query with annotations");
  require(attention.heads == 1, "model.attention.heads", std::to_string(attention.heads),
          "1: there is one position to a word");
  require(attention.window != AttentionWindowType::kPredictive, "model.attention.window",
          to_name(attention.window), "global or local_m, whose weights sum to 1");
}

/// One matrix can begin from one file.
void check_pretrained(const EmbeddingOptions& embedding, Checker& checker) {
  if (embedding.tying != EmbeddingTying::kAll) return;
  const std::string reason =
      ", because model.embedding.tying is all: the one matrix is the target's";
  checker.require(embedding.source_vectors.empty(),
                  {"model.embedding.source_vectors", "model.embedding.tying"},
                  "model.embedding.source_vectors is \"" + embedding.source_vectors +
                      "\"; expected model.embedding.target_vectors in its place" + reason);
  checker.require(!embedding.frozen_source,
                  {"model.embedding.frozen_source", "model.embedding.tying"},
                  "model.embedding.frozen_source is true; expected "
                  "model.embedding.frozen_target in its place" +
                      reason);
}

/// What the widths of a score and its heads must fit.
void check_attention_widths(const ModelOptions& model, Checker& checker) {
  const auto& attention = model.attention;
  const int64_t annotation = annotation_width(model.encoder, source_width(model.embedding));
  const int64_t query = model.decoder.hidden;
  const bool dot = attention.score == ScoreType::kDot;
  checker.require(!dot || query == annotation,
                  {"model.attention.score", "model.decoder.hidden", "model.encoder.hidden"},
                  "model.attention.score is dot, which needs states as wide as annotations, but "
                  "model.decoder.hidden is " +
                      std::to_string(query) + " and annotations have " +
                      std::to_string(annotation) + " units; expected the same number, or general");
  const auto require_multiple = [&](bool used, int64_t width, const char* key,
                                    const std::string& name) {
    checker.require(!used || attention.heads < 1 || width % attention.heads == 0,
                    {"model.attention.heads", key},
                    "model.attention.heads is " + std::to_string(attention.heads) + ", but " +
                        name + " " + std::to_string(width) + "; expected a divisor");
  };
  const bool has_width =
      attention.score == ScoreType::kAdditive || attention.score == ScoreType::kScaledDot;
  require_multiple(has_width, attention.width, "model.attention.width", "model.attention.width is");
  require_multiple(dot || attention.score == ScoreType::kGeneral, query, "model.decoder.hidden",
                   "model.decoder.hidden is");
  require_multiple(true, annotation, "model.encoder.hidden", "the width of annotations is");
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

/// Alignments are compared with links where there are both.
void check_alignment_validation(const Config& config, Checker& checker) {
  const auto& validation = config.training.validation;
  const bool has_attention = config.model.attention.score != ScoreType::kNone;
  checker.require(validation.gold.empty() || has_attention,
                  {"training.validation.gold", "model.attention.score"},
                  "training.validation.gold is \"" + validation.gold +
                      "\", but model.attention.score is none: there are no alignments; expected "
                      "another score, or \"\"");
  checker.require(validation.gold.empty() || !config.data.valid_source.empty(),
                  {"training.validation.gold", "data.valid_source"},
                  "training.validation.gold is \"" + validation.gold +
                      "\", but there is nothing to validate on; expected data.valid_source and "
                      "data.valid_target");
  checker.require(validation.metric != ValidationMetric::kAer || !validation.gold.empty() ||
                      config.training.guided_alignment.weight > 0,
                  {"training.validation.metric"},
                  "training.validation.metric is aer, but there are no links to compare with; "
                  "expected training.validation.gold, or a training.guided_alignment.weight > 0");
}

/// Guided alignment teaches α itself: a distribution over one source that depends on the word.
void check_guided_alignment(const Config& config, Checker& checker) {
  const auto& guided = config.training.guided_alignment;
  const auto& attention = config.model.attention;
  constexpr const char* kWeight = "training.guided_alignment.weight";
  checker.require(guided.weight > 0 || guided.links.empty(),
                  {"training.guided_alignment.links", kWeight},
                  "training.guided_alignment.links is \"" + guided.links +
                      "\", but training.guided_alignment.weight is 0; expected a weight > 0");
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
  require(config.vocabulary.further_sizes.empty(), "vocabulary.further_sizes",
          "a list of " + std::to_string(config.vocabulary.further_sizes.size()),
          "[]: attention to one source can be guided");
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

}  // namespace

std::vector<LocatedProblem> check_config(const Config& config, const KeyPlaces& places) {
  Checker checker(places);
  check_data(config.data, checker);
  check_further_sources(config, checker);
  check_vocabulary(config.vocabulary, checker);
  check_embedding_tying(config, checker);
  check_pretrained(config.model.embedding, checker);
  check_factors(config, checker);
  check_encoder(config.model.encoder, checker);
  check_decoder(config.model, checker);
  check_recurrence(config.model, checker);
  check_score(config.model.attention, checker);
  check_hard_attention(config.model.attention, checker);
  check_attention_widths(config.model, checker);
  check_learning_rate(config.training, checker);
  check_optimizer(config.training.optimizer, checker);
  check_schedule(config.training.schedule, checker);
  check_precision(config.training, checker);
  check_validation(config, checker);
  check_alignment_validation(config, checker);
  check_guided_alignment(config, checker);
  return checker.take();
}

void require_training_files(const Config& config, const std::string& config_file) {
  if (!config.data.train_source.empty()) return;
  throw UserError(Location{.file = config_file},
                  "data.train_source is empty; expected the training text's files");
}

}  // namespace weft

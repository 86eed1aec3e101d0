#include "config/checks.h"

#include <algorithm>
#include <utility>

#include "config/checker.h"
#include "config/data_checks.h"
#include "config/enum_names.h"
#include "config/item_checks.h"
#include "config/model_checks.h"
#include "config/rate_factor.h"
#include "config/scalar_text.h"

namespace weft {
namespace {

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
  check_text(config, checker);
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

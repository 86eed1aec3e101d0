// What a trainer does about validations.

#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <exception>

#include "base/cancelled.h"
#include "base/log.h"
#include "config/enum_names.h"
#include "train/heartbeat.h"
#include "train/metric_progress.h"
#include "train/trainer.h"
#include "train/validation_result_text.h"

namespace weft {

NamedTensors Trainer::model_weights() const {
  return average_.averages().empty() ? weights() : average_.averages();
}

std::optional<ValidationResult> Trainer::score() {
  std::optional<ValidationResult> result;
  parts_.reducer->together(
      [&] {
        if (parts_.validator != nullptr) result = score_here();
      },
      stop_.in_validation);
  if (parts_.reducer->world() == 1) return result;
  const auto found = parts_.reducer->from_first(is_first() ? result_text(result) : std::string());
  return is_first() ? result : result_from(found);
}

std::optional<ValidationResult> Trainer::score_here() {
  const Heartbeat heartbeat("validation");
  const WeightAverage::InPlace averaged(average_);
  ValidationResult result;
  const auto fail = [&](const std::string& why) {
    result = ValidationResult();
    result.loss = std::nan("");
    log_warning("validation after update " + std::to_string(progress_.updates) + " failed (" + why +
                "); training goes on without its values");
  };
  try {
    result = parts_.validator->validate(parts_.model, [this] {
      return parts_.reducer->stop_seen() || (stop_.in_validation && stop_.in_validation());
    });
  } catch (const Cancelled&) {
    return std::nullopt;
  } catch (const c10::Error& error) {
    fail(error.what_without_backtrace());
    return result;
  } catch (const std::exception& error) {
    fail(error.what());
    return result;
  }
  const auto metric = config_.training.validation.metric;
  const bool is_missing = metric == ValidationMetric::kCommand && !result.command;
  if (!result.is_sound() || (!is_missing && !std::isfinite(metric_value(result, metric)))) {
    log_warning("validation after update " + std::to_string(progress_.updates) +
                " gave no finite number; training has diverged (a lower "
                "training.optimizer.learning_rate may help)");
  }
  return result;
}

void Trainer::end_without_best() {
  if (config_.training.validation.metric != ValidationMetric::kCommand)
    return log_warning("no validation gave a finite number: there is no model");
  log_warning(
      "no validation had a value of metric command: the last weights are the model, which nothing "
      "has compared");
  show_last(std::nullopt);
}

bool Trainer::validate_if_due() {
  if (!validates_) progress_.validation_due = false;
  if (!progress_.validation_due) return true;
  const auto result = score();
  if (!result) return false;
  progress_.validation_due = false;
  take(*result);
  return true;
}

void Trainer::take(const ValidationResult& result) {
  const auto& options = config_.training.validation;
  MetricProgress deciding{progress_.best, progress_.best_updates, progress_.stalled};
  const bool is_best =
      count_validation(result, options.metric, options, progress_.updates, deciding);
  if (is_best || deciding.stalled > progress_.stalled) rate_.validated(is_best);
  progress_.best = deciding.best;
  progress_.best_updates = deciding.best_updates;
  progress_.stalled = deciding.stalled;
  ++progress_.validations;
  progress_.validated_at = progress_.updates;
  std::string verdict = is_best ? "new best" : "stalled " + std::to_string(progress_.stalled);
  const auto improved = take_more(result);
  for (const auto metric : improved) verdict += ", best " + to_name(metric);
  if (parts_.validator != nullptr) report_.validated(progress_, result, *parts_.validator, verdict);
  if (!is_best && improved.empty()) return;
  keep([&](auto& checkpointer) {
    for (const auto metric : improved)
      checkpointer.write_best_by(metric, config_, model_weights(), progress_.updates,
                                 metric_value(result, metric));
    if (is_best) {
      checkpointer.write_with_best(snapshot(), model_weights());
    } else {
      checkpointer.write(snapshot());
    }
  });
}

std::vector<ValidationMetric> Trainer::take_more(const ValidationResult& result) {
  const auto& options = config_.training.validation;
  progress_.more.resize(options.more_metrics.size());
  std::vector<ValidationMetric> improved;
  for (std::size_t i = 0; i < progress_.more.size(); ++i) {
    const auto metric = options.more_metrics[i];
    if (count_validation(result, metric, options, progress_.updates, progress_.more[i]))
      improved.push_back(metric);
  }
  return improved;
}

TrainingEnd Trainer::finish(TrainingEnd end) {
  if (!keeps_) return end;
  const bool judged = validates_ && progress_.validated_at == progress_.updates;
  if (judged) progress_.ended_at = progress_.updates;
  if (judged && !progress_.best) end_without_best();
  keep([this](auto& checkpointer) { checkpointer.write(snapshot()); });
  const bool pauses = end == TrainingEnd::kInterrupted;
  if (judged || (pauses && validates_)) return end;
  if (!validates_) {
    show_last(std::nullopt);
  } else if (!judge_last()) {
    return TrainingEnd::kInterrupted;
  }
  if (pauses) return end;
  progress_.ended_at = progress_.updates;
  keep([this](auto& checkpointer) { checkpointer.write_ended(snapshot()); });
  return end;
}

bool Trainer::judge_last() {
  const auto metric = config_.training.validation.metric;
  const auto result = score();
  if (!result) return false;
  const bool is_best =
      is_better(*result, metric, progress_.best, config_.training.validation.command_minimizes);
  if (parts_.validator != nullptr) {
    report_.validated(progress_, *result, *parts_.validator,
                      is_best ? "the last model is the best" : "the last model is not the best");
  }
  if (is_best) show_last(metric_value(*result, metric));
  if (!is_best && !progress_.best) end_without_best();
  return true;
}

void Trainer::show_last(std::optional<double> value) {
  const auto last = model_weights();
  for (const auto& [name, tensor] : last) {
    if (tensor.isfinite().all().item<bool>()) continue;
    log_warning("the last weights are not all numbers ('" + name +
                "' among them); they are not written as the model");
    return;
  }
  keep([&](auto& checkpointer) {
    checkpointer.show_last(last, progress_.updates, value, progress_.best.has_value());
  });
}

}  // namespace weft

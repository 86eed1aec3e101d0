#include "train/trainer.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <stdexcept>
#include <utility>

#include "base/cancelled.h"
#include "base/error.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "config/dump.h"
#include "train/guided_weight.h"
#include "train/heartbeat.h"

namespace weft {
namespace {

void copy_into(const NamedTensors& targets, const std::string& prefix,
               const Checkpoint& checkpoint) {
  for (const auto& [name, tensor] : targets) {
    const auto stored = checkpoint.tensors.find(prefix + name);
    if (stored == checkpoint.tensors.end() || stored->second.sizes() != tensor.sizes()) {
      throw UserError("the checkpoint has no tensor '" + prefix + name +
                      "' of the model's shape; it belongs to another model");
    }
    tensor.detach().copy_(stored->second);
  }
}

void restore_generator(const Checkpoint& checkpoint, const std::string& directory) {
  auto generator = at::globalContext().defaultGenerator(torch::kCPU);
  try {
    generator.set_state(checkpoint.generator.clone());
  } catch (const c10::Error&) {
    throw UserError({directory},
                    "holds a damaged checkpoint: its random state is not one of this program");
  }
}

}  // namespace

Trainer::Trainer(const Config& config, TrainingParts parts)
    : config_(config),
      parts_(std::move(parts)),
      average_(weights(), config.training.exponential_smoothing),
      optimizer_(make_optimizer(weights(), average_.averages(), config.training.optimizer)),
      rate_(config.training.optimizer.learning_rate, config.training.schedule),
      worker_(parts_.model, config.training),
      stop_policy_(config.training),
      report_(parts_.checkpointer == nullptr ? nullptr : &parts_.checkpointer->metrics()),
      wall_seconds_before_(parts_.seconds_before) {
  if (!parts_.reducer) parts_.reducer = std::make_unique<SingleProcess>();
  if (config.training.validation.every.count == 0) parts_.validator = nullptr;
}

std::string Trainer::directory() const {
  return parts_.checkpointer == nullptr ? "" : parts_.checkpointer->path();
}

void Trainer::restore(const Checkpoint& checkpoint) {
  if (checkpoint.corpus != parts_.corpus.fingerprint()) {
    throw UserError({directory()},
                    "holds a run on other training data than there is now; a run can only be "
                    "resumed on the text it began with");
  }
  if (parts_.validator != nullptr && !checkpoint.validation.empty() &&
      checkpoint.validation != parts_.validator->fingerprint()) {
    throw UserError({directory()},
                    "holds a run on other validation data than there is now; a run can only be "
                    "resumed with the text it began with");
  }
  torch::NoGradGuard no_grad;
  copy_into(weights(), "weight.", checkpoint);
  copy_into(optimizer_->state(), "", checkpoint);
  copy_into(average_.averages(), "average.", checkpoint);
  progress_ = checkpoint.progress;
  optimizer_->set_updates(progress_.updates - progress_.skipped);
  rate_.restore(checkpoint.schedule);
  restore_generator(checkpoint, directory());
  wall_seconds_before_ += progress_.wall_seconds;
  metrics_bytes_ = checkpoint.metrics_bytes;
}

Checkpoint Trainer::snapshot() const {
  Checkpoint checkpoint{.progress = progress_,
                        .schedule = rate_.state(),
                        .tensors = optimizer_->state(),
                        .generator = at::globalContext().defaultGenerator(torch::kCPU).get_state(),
                        .config = dump_config(config_),
                        .corpus = parts_.corpus.fingerprint(),
                        .vectors = parts_.vectors,
                        .validation = {}};
  if (parts_.validator != nullptr) checkpoint.validation = parts_.validator->fingerprint();
  for (const auto& [name, tensor] : weights()) checkpoint.tensors["weight." + name] = tensor;
  for (const auto& [name, tensor] : average_.averages())
    checkpoint.tensors["average." + name] = tensor;
  return checkpoint;
}

BatchStream Trainer::open_stream() const {
  const auto& training = config_.training;
  try {
    return {parts_.corpus,
            {.batch_tokens = training.batch_tokens,
             .seed = static_cast<uint64_t>(training.seed),
             .rank = parts_.reducer->rank(),
             .world = parts_.reducer->world()},
            progress_.position};
  } catch (const std::out_of_range&) {
    throw UserError({directory()},
                    "holds a damaged checkpoint: its position lies beyond the training data");
  }
}

Trainer::NextBatches Trainer::next_batches(Prefetcher<StreamedBatch>& prefetcher) const {
  NextBatches next;
  bool ends_epoch = false;
  for (int64_t i = 0; i < config_.training.accumulate; ++i) {
    next.last = prefetcher.next();
    ends_epoch |= next.last.ends_epoch;
    next.batches.push_back(std::move(next.last.batch));
  }
  next.last.ends_epoch = ends_epoch;
  return next;
}

TrainingEnd Trainer::run(const StopRequests& stop) {
  stop_ = stop;
  parts_.model->train();
  BatchStream stream = open_stream();
  auto end = stop_policy_.end(progress_);
  if (end && progress_.ended_at == progress_.updates) return *end;
  go_on();
  end = validate_if_due() ? stop_policy_.end(progress_) : TrainingEnd::kInterrupted;
  Prefetcher<StreamedBatch> prefetcher([&stream] { return stream.next(); });
  while (!end) {
    const ProgressMark before{progress_.position.epoch, progress_.target_tokens};
    const Stopwatch watch;
    const auto next = next_batches(prefetcher);
    update(next);
    progress_.position = next.last.after;
    progress_.seconds += watch.seconds();
    progress_.window.seconds += watch.seconds();
    report(next, before);
    progress_.validation_due = is_due(config_.training.validation.every, progress_, before);
    const bool goes_on = validate_if_due() && !stop_.after_update();
    progress_.wall_seconds = wall_seconds_before_ + watch_.seconds();
    end = goes_on ? stop_policy_.end(progress_) : TrainingEnd::kInterrupted;
    const bool keep = !end && is_due(config_.training.checkpoint_every, progress_, before);
    if (keep && parts_.checkpointer != nullptr) parts_.checkpointer->write(snapshot());
  }
  return finish(*end);
}

void Trainer::go_on() {
  if (parts_.checkpointer != nullptr)
    parts_.checkpointer->go_on(progress_.best_updates, metrics_bytes_);
  if (progress_.updates > 0) report_.resumed(progress_);
}

double Trainer::reward_baseline() const {
  const auto words = static_cast<double>(parts_.model->target_vocabulary());
  return progress_.baseline.value_or(-std::log(words));
}

void Trainer::update(const NextBatches& next) {
  int64_t tokens = 0;
  for (const auto& batch : next.batches) tokens += batch.target_tokens;
  const auto own =
      worker_.run(next.batches, parts_.reducer->add_tokens(tokens), reward_baseline(),
                  guided_weight(config_.training.guided_alignment, progress_.updates + 1));
  parts_.reducer->add_gradients(weights());
  const auto work = parts_.reducer->add_work(own);
  const double norm = optimizer_->gradient_norm();
  ++progress_.updates;
  const bool finite = std::isfinite(norm);
  if (finite) {
    optimizer_->step({rate_.at(progress_.updates), norm, average_.decay(progress_.updates)});
  } else {
    optimizer_->clear_gradients();
    report_.skipped(progress_, work.sentences,
                    parts_.corpus.source_location(next.batches.front().pairs.front()));
  }
  count(work, finite);
}

void Trainer::count(const UpdateWork& work, bool finite) {
  progress_.sentences += work.sentences;
  progress_.target_tokens += work.target_tokens;
  progress_.window.source_tokens += work.source_tokens;
  progress_.window.target_tokens += work.target_tokens;
  progress_.skipped += finite ? 0 : 1;
  if (!std::isfinite(work.loss)) return;
  if (finite) {
    progress_.window.loss += work.loss;
    progress_.window.guided += work.guided;
    progress_.window.loss_tokens += work.target_tokens;
  }
  if (config_.model.attention.kind != AttentionKind::kHard) return;
  const double decay = config_.model.attention.hard.baseline_decay;
  progress_.baseline =
      decay * reward_baseline() - (1 - decay) * work.loss / static_cast<double>(work.target_tokens);
}

void Trainer::report(const NextBatches& next, const ProgressMark& before) {
  const auto& training = config_.training;
  const double rate = rate_.at(progress_.updates);
  const int64_t pairs = parts_.corpus.size();
  report_.updated(progress_, rate, next.last.ends_epoch ? pairs : next.last.pairs_of_epoch, pairs);
  if (!is_due(training.log_every, progress_, before)) return;
  report_.log(progress_, rate);
  progress_.window = {};
}

NamedTensors Trainer::model_weights() const {
  return average_.averages().empty() ? weights() : average_.averages();
}

std::optional<ValidationResult> Trainer::score() {
  const Heartbeat heartbeat("validation");
  const WeightAverage::InPlace averaged(average_);
  ValidationResult result;
  try {
    result = parts_.validator->validate(parts_.model, stop_.in_validation);
  } catch (const Cancelled&) {
    return std::nullopt;
  }
  if (!result.is_sound() ||
      !std::isfinite(metric_value(result, config_.training.validation.metric))) {
    log_warning("validation after update " + std::to_string(progress_.updates) +
                " gave no finite number; training has diverged (a lower "
                "training.optimizer.learning_rate may help)");
  }
  return result;
}

void Trainer::warn_without_model() const {
  log_warning("no validation gave a finite number: there is no model");
}

bool Trainer::validate_if_due() {
  if (parts_.validator == nullptr) progress_.validation_due = false;
  if (!progress_.validation_due) return true;
  const auto result = score();
  if (!result) return false;
  progress_.validation_due = false;
  take(*result);
  return true;
}

void Trainer::take(const ValidationResult& result) {
  const auto metric = config_.training.validation.metric;
  const bool is_best = is_better(result, metric, progress_.best);
  ++progress_.validations;
  progress_.validated_at = progress_.updates;
  progress_.stalled = is_best ? 0 : progress_.stalled + 1;
  rate_.validated(is_best);
  if (is_best) {
    progress_.best = metric_value(result, metric);
    progress_.best_updates = progress_.updates;
  }
  report_.validated(progress_, result, *parts_.validator,
                    is_best ? "new best" : "stalled " + std::to_string(progress_.stalled));
  if (is_best && parts_.checkpointer != nullptr)
    parts_.checkpointer->write_with_best(snapshot(), model_weights());
}

TrainingEnd Trainer::finish(TrainingEnd end) {
  if (parts_.checkpointer == nullptr) return end;
  const bool judged = parts_.validator != nullptr && progress_.validated_at == progress_.updates;
  if (judged) progress_.ended_at = progress_.updates;
  if (judged && !progress_.best) warn_without_model();
  parts_.checkpointer->write(snapshot());
  const bool pauses = end == TrainingEnd::kInterrupted;
  if (judged || (pauses && parts_.validator != nullptr)) return end;
  if (parts_.validator == nullptr) {
    show_last(std::nullopt);
  } else if (!judge_last()) {
    return TrainingEnd::kInterrupted;
  }
  if (pauses) return end;
  progress_.ended_at = progress_.updates;
  parts_.checkpointer->write_ended(snapshot());
  return end;
}

bool Trainer::judge_last() {
  const auto metric = config_.training.validation.metric;
  const auto result = score();
  if (!result) return false;
  const bool is_best = is_better(*result, metric, progress_.best);
  report_.validated(progress_, *result, *parts_.validator,
                    is_best ? "the last model is the best" : "the last model is not the best");
  if (is_best) show_last(metric_value(*result, metric));
  if (!is_best && !progress_.best) warn_without_model();
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
  parts_.checkpointer->show_last(last, progress_.updates, value, progress_.best.has_value());
}

}  // namespace weft

#include "train/trainer.h"

#include <torch/torch.h>

#include <cmath>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "base/stopwatch.h"
#include "config/dump.h"
#include "data/make_batch.h"
#include "data/prefetcher.h"
#include "kernels/frozen_weights.h"
#include "kernels/weight_gradients.h"
#include "nn/fast_path.h"

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
                    "holds a damaged checkpoint: 'generator' is no state of the random numbers");
  }
}

}  // namespace

Trainer::Trainer(const Config& config, std::string directory, TranslationModel model,
                 const ParallelCorpus& corpus, const Validator* validator)
    : config_(config),
      directory_(std::move(directory)),
      model_(std::move(model)),
      corpus_(corpus),
      validator_(validator),
      average_(named_parameters(*model_), config.training.exponential_smoothing),
      optimizer_(named_parameters(*model_), average_.averages(), config.training.optimizer),
      rate_(config.training.optimizer.learning_rate, config.training.schedule),
      report_(directory_) {}

void Trainer::restore(const Checkpoint& checkpoint) {
  if (checkpoint.corpus != corpus_.fingerprint()) {
    throw UserError({directory_},
                    "holds a run on other training data than there is now; a run can only be "
                    "resumed on the text it began with");
  }
  torch::NoGradGuard no_grad;
  copy_into(named_parameters(*model_), "weight.", checkpoint);
  copy_into(optimizer_.state(), "", checkpoint);
  copy_into(average_.averages(), "average.", checkpoint);
  progress_ = checkpoint.progress;
  optimizer_.set_updates(progress_.updates - progress_.skipped);
  rate_.set_scale(progress_.rate_scale);
  restore_generator(checkpoint, directory_);
  report_.resumed(progress_);
}

void Trainer::save_checkpoint() const {
  Checkpoint checkpoint{
      progress_, optimizer_.state(), {}, dump_config(config_), corpus_.fingerprint()};
  for (const auto& [name, tensor] : named_parameters(*model_))
    checkpoint.tensors["weight." + name] = tensor;
  for (const auto& [name, tensor] : average_.averages())
    checkpoint.tensors["average." + name] = tensor;
  checkpoint.generator = at::globalContext().defaultGenerator(torch::kCPU).get_state();
  write_checkpoint(directory_, checkpoint);
}

BatchStream Trainer::open_stream() const {
  const auto& training = config_.training;
  try {
    return {
        corpus_, {training.batch_tokens, static_cast<uint64_t>(training.seed)}, progress_.position};
  } catch (const std::out_of_range&) {
    throw UserError({directory_},
                    "holds a damaged checkpoint: its place in the training data is not there");
  }
}

TrainingEnd Trainer::run(const std::function<bool()>& should_stop) {
  model_->train();
  BatchStream stream = open_stream();
  Prefetcher prefetcher([&stream] { return stream.next(); });
  auto end = end_reached();
  while (!end) {
    const Stopwatch watch;
    const auto streamed = prefetcher.next();
    const int64_t tokens_before = progress_.target_tokens;
    update(streamed.batch);
    progress_.seconds += watch.seconds();
    progress_.position = streamed.after;
    report_.updated(progress_, streamed, corpus_.size());
    report_and_validate(tokens_before, streamed.ends_epoch);
    end = should_stop() ? TrainingEnd::kInterrupted : end_reached();
    if (!end && due(config_.training.checkpoint_every, tokens_before, streamed.ends_epoch))
      save_checkpoint();
  }
  finish(*end);
  save_checkpoint();
  return *end;
}

void Trainer::finish(TrainingEnd end) {
  if (!validator_ || config_.training.validation.every.count == 0) {
    average_.swap();
    save_model();
    average_.swap();
  } else if (end != TrainingEnd::kInterrupted && progress_.validated_at != progress_.updates) {
    validate();
  }
}

void Trainer::report_and_validate(int64_t tokens_before, bool epoch_ended) {
  const auto& training = config_.training;
  if (due(training.log_every, tokens_before, epoch_ended)) {
    report_.log(progress_, rate_.at(progress_.updates));
  }
  if (validator_ && due(training.validation.every, tokens_before, epoch_ended)) validate();
}

double Trainer::reward_baseline() const {
  const auto words = static_cast<double>(model_->target_vocabulary());
  return progress_.baseline.value_or(-std::log(words));
}

CrossEntropy Trainer::compute_gradients(const Batch& batch) {
  const PrecisionGuard precision(config_.training.precision);
  kernels::FrozenWeights weights;  // until the optimiser's step
  const kernels::FrozenWeightsGuard frozen(weights);
  kernels::WeightGradients gradients;
  const kernels::WeightGradientsGuard collected(gradients);
  const auto result = model_->forward(batch, {config_.training.label_smoothing, reward_baseline()});
  (result.loss / static_cast<double>(batch.target_tokens)).backward();
  gradients.finish();
  return result;
}

void Trainer::update(const Batch& batch) {
  const auto result = compute_gradients(batch);
  const double norm = optimizer_.gradient_norm();
  ++progress_.updates;
  progress_.sentences += static_cast<int64_t>(batch.pairs.size());
  progress_.target_tokens += batch.target_tokens;
  if (std::isfinite(norm)) {
    optimizer_.step({rate_.at(progress_.updates), norm, average_.decay(progress_.updates)});
  } else {
    optimizer_.clear_gradients();
    ++progress_.skipped;
    report_.skipped(progress_, batch, corpus_.source_location(batch.pairs.front()));
  }
  const double loss = result.negative_log_likelihood.item<double>();
  report_.add_loss(loss);
  if (config_.model.attention.kind == AttentionKind::kHard && std::isfinite(loss)) {
    const double decay = config_.model.attention.hard.baseline_decay;
    progress_.baseline =
        decay * reward_baseline() - (1 - decay) * loss / static_cast<double>(batch.target_tokens);
  }
}

void Trainer::validate() {
  average_.swap();
  const auto result = validator_->validate(model_);
  ++progress_.validations;
  progress_.validated_at = progress_.updates;
  record_best(result);
  average_.swap();
  report_.validated(progress_, result, *validator_);
}

void Trainer::record_best(const ValidationResult& result) {
  const auto metric = config_.training.validation.metric;
  const double value = metric_value(result, metric);
  const bool better = !progress_.best || (higher_is_better(metric) ? value > *progress_.best
                                                                   : value < *progress_.best);
  if (better) {
    progress_.best = value;
    progress_.stalled = 0;
    progress_.stalled_since_decay = 0;
    save_model();
    return;
  }
  ++progress_.stalled;
  ++progress_.stalled_since_decay;
  const auto& schedule = config_.training.schedule;
  if (schedule.plateau_patience > 0 && progress_.stalled_since_decay >= schedule.plateau_patience) {
    rate_.decay();
    progress_.rate_scale = rate_.scale();
    progress_.stalled_since_decay = 0;
  }
}

void Trainer::save_model() {
  std::map<std::string, std::string> metadata{{"updates", std::to_string(progress_.updates)}};
  if (progress_.best) metadata["best_validation"] = std::to_string(*progress_.best);
  write_weights(directory_, named_parameters(*model_), metadata);
}

bool Trainer::due(const Period& period, int64_t tokens_before, bool epoch_ended) const {
  if (period.count == 0) return false;
  switch (period.unit) {
    case Period::Unit::kUpdates:
      return progress_.updates % period.count == 0;
    case Period::Unit::kEpochs:
      return epoch_ended && progress_.position.epoch % period.count == 0;
    case Period::Unit::kTargetTokens:
      return progress_.target_tokens / period.count > tokens_before / period.count;
  }
  return false;
}

bool Trainer::reached(const Period& period) const {
  if (period.count == 0) return false;
  switch (period.unit) {
    case Period::Unit::kUpdates:
      return progress_.updates >= period.count;
    case Period::Unit::kEpochs:
      return progress_.position.epoch >= period.count;
    case Period::Unit::kTargetTokens:
      return progress_.target_tokens >= period.count;
  }
  return false;
}

std::optional<TrainingEnd> Trainer::end_reached() const {
  const auto& training = config_.training;
  if (reached(training.stop_after)) return TrainingEnd::kStopAfter;
  if (training.validation.patience > 0 && progress_.stalled >= training.validation.patience)
    return TrainingEnd::kPatience;
  if (training.time_limit_seconds > 0 && progress_.seconds >= training.time_limit_seconds)
    return TrainingEnd::kTimeLimit;
  return std::nullopt;
}

}  // namespace weft

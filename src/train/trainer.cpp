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
#include "data/random.h"
#include "train/guided_weight.h"
#include "train/heartbeat.h"
#include "train/process_group.h"
#include "train/validation_result_text.h"

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

at::Generator generator_of(const torch::Device& device) {
  return at::globalContext().defaultGenerator(device);
}

/// Whether the first process has a validator.
bool validates(const Config& config) {
  return config.training.validation.every.count > 0 && !config.data.valid_source.empty();
}

/// Of a run that moves to a GPU, the GPU's own begins anew.
void restore_generators(const Checkpoint& checkpoint, const torch::Device& device, uint64_t seed,
                        const std::string& directory) {
  try {
    generator_of(torch::kCPU).set_state(checkpoint.generator.clone());
    if (device.is_cpu()) return;
    auto generator = generator_of(device);
    if (checkpoint.gpu_generator.defined()) {
      generator.set_state(checkpoint.gpu_generator.clone());
    } else {
      generator.set_current_seed(seed + static_cast<uint64_t>(checkpoint.progress.updates));
    }
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
      optimizers_(weights(), average_.averages(), config.training.optimizer),
      rate_(config.training.optimizer.learning_rate, config.training.schedule),
      worker_(parts_.model, config.training),
      stop_policy_(config.training),
      report_(parts_.checkpointer == nullptr ? nullptr : &parts_.checkpointer->metrics()),
      wall_seconds_before_(parts_.seconds_before) {
  if (parts_.reducer == nullptr) parts_.reducer = &alone_;
  if (config.training.validation.every.count == 0) parts_.validator = nullptr;
  validates_ = is_first() ? parts_.validator != nullptr : validates(config);
  keeps_ = parts_.checkpointer != nullptr || !is_first();
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
  copy_into(optimizers_.state(), "", checkpoint);
  copy_into(average_.averages(), "average.", checkpoint);
  progress_ = checkpoint.progress;
  optimizers_.set_updates(progress_.updates - progress_.skipped);
  rate_.restore(checkpoint.schedule);
  restore_generators(checkpoint, parts_.model->device(),
                     static_cast<uint64_t>(config_.training.seed), directory());
  wall_seconds_before_ += progress_.wall_seconds;
  metrics_bytes_ = checkpoint.metrics_bytes;
}

Checkpoint Trainer::snapshot() const {
  Checkpoint checkpoint{.progress = progress_,
                        .schedule = rate_.state(),
                        .tensors = optimizers_.state(),
                        .generator = generator_of(torch::kCPU).get_state(),
                        .config = dump_config(config_),
                        .corpus = parts_.corpus.fingerprint(),
                        .vectors = parts_.vectors,
                        .validation = {}};
  const auto device = parts_.model->device();
  if (!device.is_cpu()) checkpoint.gpu_generator = generator_of(device).get_state();
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
  for (int64_t i = 0; i < config_.training.accumulate; i += parts_.reducer->world()) {
    next.last = prefetcher.next();
    ends_epoch |= next.last.ends_epoch;
    next.target_tokens += next.last.target_tokens;
    next.batches.push_back(std::move(next.last.batch));
  }
  next.last.ends_epoch = ends_epoch;
  return next;
}

void Trainer::begin_alike() {
  if (parts_.reducer->world() == 1) return;
  const auto first =
      parts_.reducer->from_first(is_first() ? tensor_file(snapshot()) : TensorFile());
  if (!is_first()) restore(checkpoint_of(first));
}

TrainingEnd Trainer::run(const StopRequests& stop) {
  stop_ = stop;
  try {
    return train();
  } catch (const ProcessLost&) {
    // An update that was not finished has changed nothing, and draws the same when it is made.
    if (parts_.checkpointer != nullptr) parts_.checkpointer->write(snapshot());
    throw;
  }
}

void Trainer::keep(const std::function<void(Checkpointer&)>& work) {
  if (!keeps_) return;
  parts_.reducer->together(
      [&] {
        if (parts_.checkpointer != nullptr) work(*parts_.checkpointer);
      },
      {});
}

bool Trainer::asked_to_stop() const {
  return parts_.reducer->world() == 1 ? stop_.after_update() : news_.stop;
}

double Trainer::wall_seconds() const {
  return parts_.reducer->world() == 1 ? wall_seconds_before_ + watch_.seconds()
                                      : news_.wall_seconds;
}

TrainingEnd Trainer::train() {
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
    if (must_look(before)) look();
    progress_.seconds += watch.seconds();
    progress_.window.seconds += watch.seconds();
    report(next, before);
    progress_.validation_due = is_due(config_.training.validation.every, progress_, before);
    const bool goes_on = validate_if_due() && !asked_to_stop();
    progress_.wall_seconds = wall_seconds();
    end = goes_on ? stop_policy_.end(progress_) : TrainingEnd::kInterrupted;
    const bool keep_now = !end && is_due(config_.training.checkpoint_every, progress_, before);
    if (keep_now || end) look();
    if (keep_now) keep([this](auto& checkpointer) { checkpointer.write(snapshot()); });
  }
  return finish(*end);
}

void Trainer::go_on() {
  if (parts_.checkpointer != nullptr)
    parts_.checkpointer->go_on(progress_.best_updates, metrics_bytes_);
  if (progress_.updates > 0) report_.resumed(progress_);
}

double Trainer::reward_baseline() const {
  const auto vocabulary = static_cast<double>(parts_.model->target_vocabulary());
  return progress_.baseline.value_or(-std::log(vocabulary));
}

std::vector<uint64_t> Trainer::batch_seeds() const {
  const auto& training = config_.training;
  std::vector<uint64_t> seeds;
  if (training.accumulate == 1) return seeds;
  for (int64_t i = parts_.reducer->rank(); i < training.accumulate; i += parts_.reducer->world()) {
    seeds.push_back(
        seeded_generator({static_cast<uint64_t>(training.seed),
                          static_cast<uint64_t>(progress_.updates), static_cast<uint64_t>(i)})());
  }
  return seeds;
}

void Trainer::update(const NextBatches& next) {
  const int64_t number = progress_.updates + 1;
  const auto started = worker_.start(
      next.batches, {.target_tokens = next.target_tokens,
                     .reward_baseline = reward_baseline(),
                     .guided_weight = guided_weight(config_.training.guided_alignment, number),
                     .seeds = batch_seeds(),
                     .reducer = parts_.reducer});
  UnseenUpdate update{.number = number,
                      .work = started.work,
                      .loss = started.loss,
                      .guided = started.guided,
                      .head = started.head,
                      .norm = {},
                      .first_pair = next.batches.front().pairs.front()};
  const double rate = rate_.at(number), decay = average_.decay(number);
  // Several processes tell each other numbers, which each must know for that.
  const bool alone = parts_.reducer->world() == 1;
  if (optimizers_.steps_unseen() && alone) {
    ++progress_.updates;
    update.norm = optimizers_.step_unseen(rate, decay);
    count(update.work);
    unseen_.push_back(std::move(update));
    return;
  }
  update.work = started.finished();
  if (!alone) {
    news_ = parts_.reducer->tell({.work = update.work,
                                  .stop = stop_.after_update(),
                                  .wall_seconds = wall_seconds_before_ + watch_.seconds()});
    update.work = news_.work;
  }
  parts_.reducer->add_gradients(parts_.model->parameters());
  ++progress_.updates;
  const double norm = optimizers_.gradient_norm();
  if (std::isfinite(norm)) {
    optimizers_.step({rate, norm, decay});
  } else {
    optimizers_.clear_gradients();
  }
  count(update.work);
  judge(update, {update.work.loss, update.work.guided, update.work.head}, norm);
}

void Trainer::count(const UpdateWork& work) {
  progress_.sentences += work.sentences;
  progress_.target_tokens += work.target_tokens;
  progress_.window.source_tokens += work.source_tokens;
  progress_.window.target_tokens += work.target_tokens;
}

void Trainer::judge(const UnseenUpdate& update, const Losses& loss, double norm) {
  const bool finite = std::isfinite(norm);
  const auto& work = update.work;
  if (!finite) {
    ++progress_.skipped;
    report_.skipped(update.number, work.sentences,
                    parts_.corpus.source_location(update.first_pair));
  }
  if (!std::isfinite(loss.translation)) return;
  if (finite) {
    progress_.window.loss += loss.translation;
    progress_.window.guided += loss.guided;
    progress_.window.head += loss.head;
    progress_.window.loss_tokens += work.target_tokens;
  }
  if (config_.model.attention.kind != AttentionKind::kHard) return;
  const double decay = config_.model.attention.hard.baseline_decay;
  progress_.baseline = decay * reward_baseline() -
                       (1 - decay) * loss.translation / static_cast<double>(work.target_tokens);
}

bool Trainer::must_look(const ProgressMark& before) const {
  constexpr std::size_t kMostUnseen = 20;
  const auto& training = config_.training;
  const bool next_needs_baseline = config_.model.attention.kind == AttentionKind::kHard;
  const bool shows_no_loss_yet = progress_.window.loss_tokens == 0;
  return next_needs_baseline || shows_no_loss_yet || unseen_.size() >= kMostUnseen ||
         is_due(training.log_every, progress_, before) ||
         is_due(training.validation.every, progress_, before);
}

void Trainer::look() {
  if (unseen_.empty()) return;
  std::vector<torch::Tensor> values;
  for (const auto& update : unseen_) {
    values.push_back(update.loss);
    values.push_back(update.guided);
    values.push_back(update.head);
    values.push_back(update.norm.to(torch::kFloat64));
  }
  const auto seen = torch::stack(values).to(torch::kCPU);
  const auto* value = seen.data_ptr<double>();
  for (const auto& update : unseen_) {
    judge(update, {value[0], value[1], value[2]}, value[3]);
    value += 4;
  }
  unseen_.clear();
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
  try {
    result = parts_.validator->validate(parts_.model, [this] {
      return parts_.reducer->stop_seen() || (stop_.in_validation && stop_.in_validation());
    });
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
  if (!validates_) progress_.validation_due = false;
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
  if (parts_.validator != nullptr) {
    report_.validated(progress_, result, *parts_.validator,
                      is_best ? "new best" : "stalled " + std::to_string(progress_.stalled));
  }
  if (!is_best) return;
  keep([this](auto& checkpointer) { checkpointer.write_with_best(snapshot(), model_weights()); });
}

TrainingEnd Trainer::finish(TrainingEnd end) {
  if (!keeps_) return end;
  const bool judged = validates_ && progress_.validated_at == progress_.updates;
  if (judged) progress_.ended_at = progress_.updates;
  if (judged && !progress_.best) warn_without_model();
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
  const bool is_best = is_better(*result, metric, progress_.best);
  if (parts_.validator != nullptr) {
    report_.validated(progress_, *result, *parts_.validator,
                      is_best ? "the last model is the best" : "the last model is not the best");
  }
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
  keep([&](auto& checkpointer) {
    checkpointer.show_last(last, progress_.updates, value, progress_.best.has_value());
  });
}

}  // namespace weft

#include "train/trainer.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "base/stopwatch.h"
#include "data/random.h"
#include "train/guided_weight.h"
#include "train/process_group.h"
#include "train/sampling_probability.h"

namespace weft {
namespace {

/// Whether the first process has a validator.
bool validates(const Config& config) {
  return config.training.validation.every.count > 0 && !config.data.valid_source.empty();
}

}  // namespace

Trainer::Trainer(const Config& config, TrainingParts parts)
    : config_(config),
      parts_(std::move(parts)),
      average_(weights(), config.training.exponential_smoothing),
      optimizers_(weights(), average_.averages(), config.training.optimizer,
                  config.training.rate_factors),
      rate_(config.training.optimizer.learning_rate, config.training.schedule),
      worker_(parts_.model, config.training, parts_.teacher, parts_.risk),
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

std::unique_ptr<UpdateBatches> Trainer::open_batches() const {
  const auto& training = config_.training;
  try {
    return std::make_unique<UpdateBatches>(
        parts_.corpus,
        BatchingOptions{.batch_tokens = training.batch_tokens,
                        .batch_sentences = training.batch_sentences,
                        .curriculum_epochs = training.curriculum_epochs,
                        .corpora = config_.data.corpora,
                        .threads = at::get_num_threads(),
                        .seed = static_cast<uint64_t>(training.seed),
                        .rank = parts_.reducer->rank(),
                        .world = parts_.reducer->world()},
        training.accumulate, progress_.position);
  } catch (const std::out_of_range&) {
    throw UserError({directory()},
                    "holds a damaged checkpoint: its position lies beyond the training data");
  }
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

bool Trainer::asked_to_stop() const {
  return parts_.reducer->world() == 1 ? stop_.after_update() : news_.stop;
}

double Trainer::wall_seconds() const {
  return parts_.reducer->world() == 1 ? wall_seconds_before_ + watch_.seconds()
                                      : news_.wall_seconds;
}

TrainingEnd Trainer::train() {
  parts_.model->train();
  const auto batches = open_batches();
  auto end = stop_policy_.end(progress_);
  if (end && progress_.ended_at == progress_.updates) return *end;
  go_on();
  end = validate_if_due() ? stop_policy_.end(progress_) : TrainingEnd::kInterrupted;
  while (!end) {
    const ProgressMark before{progress_.position.epoch, progress_.target_tokens};
    const Stopwatch watch;
    const auto next = batches->next();
    update(next);
    progress_.position = next.after;
    if (must_look(before)) look();
    progress_.seconds += watch.seconds();
    progress_.window.seconds += watch.seconds();
    report(next, before);
    if (has_diverged()) {
      go_back();
      batches->seek(progress_.position);
      continue;
    }
    progress_.validation_due = is_due(config_.training.validation.every, progress_, before);
    const bool goes_on = validate_if_due() && !asked_to_stop();
    progress_.wall_seconds = wall_seconds();
    end = goes_on ? stop_policy_.end(progress_) : TrainingEnd::kInterrupted;
    const bool keep_now = !end && is_due(config_.training.checkpoint_every, progress_, before);
    if (keep_now || end) look();
    if (keep_now) keep_if_good();
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
      next.batches, {.loss_units = config_.training.loss_per == LossUnit::kToken
                                       ? next.target_tokens
                                       : static_cast<int64_t>(next.pairs.size()),
                     .reward_baseline = reward_baseline(),
                     .guided_weight = guided_weight(config_.training.guided_alignment, number),
                     .own_words = own_word_probability(config_.training.scheduled_sampling, number),
                     .seeds = batch_seeds(),
                     .reducer = parts_.reducer});
  UnseenUpdate update{.number = number,
                      .work = started.work,
                      .loss = started.loss,
                      .guided = started.guided,
                      .head = started.head,
                      .risk = started.risk,
                      .norm = {},
                      .pairs = next.pairs};
  const double rate = rate_.at(number), decay = average_.decay(number);
  // Several processes tell each other numbers, which each must know for that.
  const bool alone = parts_.reducer->world() == 1;
  if (optimizers_.steps_unseen() && alone) {
    ++progress_.updates;
    update.norm = optimizers_.step_unseen(rate, decay, update.loss);
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
  if (std::isfinite(norm) && std::isfinite(update.work.loss)) {
    optimizers_.step({rate, norm, decay});
  } else {
    optimizers_.clear_gradients();
  }
  count(update.work);
  judge(update, {update.work.loss, update.work.guided, update.work.head, update.work.risk}, norm);
}

void Trainer::count(const UpdateWork& work) {
  progress_.sentences += work.sentences;
  progress_.target_tokens += work.target_tokens;
  progress_.window.source_tokens += work.source_tokens;
  progress_.window.target_tokens += work.target_tokens;
}

void Trainer::judge(const UnseenUpdate& update, const Losses& loss, double norm) {
  const bool finite = std::isfinite(norm) && std::isfinite(loss.translation);
  const auto& work = update.work;
  progress_.skipped_in_row = finite ? 0 : progress_.skipped_in_row + 1;
  if (!finite) {
    ++progress_.skipped;
    report_.skipped({.update = update.number,
                     .loss_is_finite = std::isfinite(loss.translation),
                     .pairs = update.pairs},
                    parts_.corpus);
  }
  if (!std::isfinite(loss.translation)) return;
  if (finite) {
    progress_.window.loss += loss.translation;
    progress_.window.guided += loss.guided;
    progress_.window.head += loss.head;
    progress_.window.risk += loss.risk;
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
    values.push_back(update.risk);
    values.push_back(update.norm.to(torch::kFloat64));
  }
  const auto seen = torch::stack(values).to(torch::kCPU);
  const auto* value = seen.data_ptr<double>();
  for (const auto& update : unseen_) {
    judge(update, {value[0], value[1], value[2], value[3]}, value[4]);
    value += 5;
  }
  unseen_.clear();
}

void Trainer::report(const NextBatches& next, const ProgressMark& before) {
  const auto& training = config_.training;
  const double rate = rate_.at(progress_.updates);
  report_.updated(progress_, rate, next.pairs_of_epoch, parts_.corpus.size());
  if (!is_due(training.log_every, progress_, before)) return;
  report_.log(progress_, rate);
  progress_.window = {};
}

}  // namespace weft

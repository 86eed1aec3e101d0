// What a trainer keeps, and goes on from or back to.

#include <torch/types.h>

#include <optional>
#include <utility>

#include "base/error.h"
#include "config/dump.h"
#include "train/run_state.h"
#include "train/trainer.h"

namespace weft {

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
  take_state(checkpoint);
  wall_seconds_before_ += progress_.wall_seconds;
}

void Trainer::take_state(const Checkpoint& checkpoint) {
  copy_into(weights(), "weight.", checkpoint);
  copy_into(optimizers_.state(), "", checkpoint);
  copy_into(average_.averages(), "average.", checkpoint);
  progress_ = checkpoint.progress;
  optimizers_.set_updates(progress_.updates - progress_.skipped);
  rate_.restore(checkpoint.schedule);
  restore_generators(checkpoint, parts_.model->device(),
                     static_cast<uint64_t>(config_.training.seed), directory());
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

void Trainer::begin_alike() {
  if (parts_.reducer->world() == 1) return;
  const auto first =
      parts_.reducer->from_first(is_first() ? tensor_file(snapshot()) : TensorFile());
  if (!is_first()) restore(checkpoint_of(first));
}

void Trainer::keep(const std::function<void(Checkpointer&)>& work) {
  if (!keeps_) return;
  parts_.reducer->together(
      [&] {
        if (parts_.checkpointer != nullptr) work(*parts_.checkpointer);
      },
      {});
}

void Trainer::keep_if_good() {
  keep([this](auto& checkpointer) {
    const auto checkpoint = snapshot();
    if (is_good(checkpoint)) checkpointer.write(checkpoint);
  });
}

bool Trainer::has_diverged() const {
  const int64_t limit = config_.training.non_finite.limit;
  return limit > 0 && progress_.skipped_in_row >= limit;
}

void Trainer::go_back() {
  const auto& options = config_.training.non_finite;
  const auto diverged = progress_;
  const auto end = [&](const std::string& why) {
    throw UserError("training has diverged: " + std::to_string(diverged.skipped_in_row) +
                    " updates in a row, up to update " + std::to_string(diverged.updates) +
                    ", had a loss or a gradient that is not finite, and " + why +
                    "; a lower training.optimizer.learning_rate or training.optimizer.clip_norm "
                    "may help");
  };
  if (diverged.returns >= options.returns)
    end("training went back " + std::to_string(diverged.returns) +
        " times (training.non_finite.returns)");
  std::optional<Checkpoint> checkpoint;
  parts_.reducer->together(
      [&] {
        if (parts_.checkpointer != nullptr) checkpoint = parts_.checkpointer->read_good();
        if (is_first() && !checkpoint) end("there is no good checkpoint to go back to");
      },
      {});
  if (checkpoint) take_state(*checkpoint);
  progress_.wall_seconds = diverged.wall_seconds;
  checkpoint.reset();  // its file is mapped, and will be replaced
  begin_alike();
  ++progress_.returns;
  rate_.lower(options.rate_factor);
  if (parts_.checkpointer != nullptr)
    parts_.checkpointer->go_on(progress_.best_updates, metrics_bytes_);
  report_.went_back(diverged, progress_, options.rate_factor);
  keep([this](auto& checkpointer) { checkpointer.write(snapshot()); });
}

}  // namespace weft

#pragma once
// The state of training on disk: all that is needed to go on as if nothing had happened, bit for
// bit.

#include <cstdint>
#include <optional>
#include <string>

#include "data/batch_stream.h"
#include "model/named_tensors.h"

namespace weft {

/// How far training has come. A value type: what is in it is saved and restored.
struct TrainingProgress {
  int64_t updates = 0;
  int64_t skipped = 0;    ///< of the updates, because the gradient was not finite
  DataPosition position;  ///< of the next batch
  int64_t sentences = 0;
  int64_t target_tokens = 0;
  double seconds = 0;     ///< spent in training, over all runs
  double rate_scale = 1;  ///< what the plateau has done to the learning rate
  int64_t validations = 0;
  int64_t validated_at = 0;  ///< updates before the last validation
  int64_t stalled = 0;       ///< validations since the best one
  int64_t stalled_since_decay = 0;
  std::optional<double> best;      ///< the best value of the validation metric
  std::optional<double> baseline;  ///< of hard attention: the moving mean of log p(y_i), in nats
};

/// training/checkpoint.safetensors within the model directory: weights, moments and averages, the
/// generator, progress.
struct Checkpoint {
  TrainingProgress progress;
  NamedTensors tensors;     ///< "weight.NAME", "m.NAME", "v.NAME", "average.NAME"
  torch::Tensor generator;  ///< uint8: LibTorch's default generator
  std::string config;       ///< the resolved config, as YAML
  std::string corpus;       ///< the training corpus' fingerprint
};

bool has_checkpoint(const std::string& directory);
/// A kill at any instant leaves the last good checkpoint.
void write_checkpoint(const std::string& directory, const Checkpoint& checkpoint);
/// Throws UserError if it is damaged or from a newer version.
Checkpoint read_checkpoint(const std::string& directory);

}  // namespace weft

#pragma once
// The state of training on disk: all that is needed to go on as if nothing had happened, bit for
// bit.

#include <cstdint>
#include <string>

#include "model/safetensors.h"
#include "train/schedule.h"
#include "train/training_progress.h"

namespace weft {

/// One file: weights, averages, the optimizer's state, the generator, progress. Version 3; version
/// 2, which Weft 0.1 wrote, is read as well.
struct Checkpoint {
  TrainingProgress progress;
  ScheduleState schedule;
  NamedTensors tensors;     ///< "weight.NAME", "average.NAME", and the optimizer's "KIND.NAME"
  torch::Tensor generator;  ///< uint8: LibTorch's default generator
  torch::Tensor gpu_generator = {};  ///< the same of the GPU; undefined: there was none
  std::string config;                ///< the resolved config, as YAML
  std::string corpus;                ///< the training corpus' fingerprint
  std::string vectors = {};    ///< that of the word vectors that embeddings began from; empty: none
  std::string validation;      ///< that of the text that is validated on; empty: none, or not known
  int64_t metrics_bytes = -1;  ///< of metrics.jsonl that belong to this run so far; -1: not known
};

/// What its file holds.
TensorFile tensor_file(const Checkpoint& checkpoint);
/// The checkpoint of this program that a file holds. Throws UserError that calls it `path`.
Checkpoint checkpoint_of(TensorFile file, const std::string& path = "the checkpoint");

/// A kill at any instant leaves the last good checkpoint.
void write_checkpoint(const std::string& path, const Checkpoint& checkpoint);
/// Throws UserError if it is damaged or from a newer version.
Checkpoint read_checkpoint(const std::string& path);

}  // namespace weft

#pragma once
// What a checkpoint holds of tensors and generators, put back in its place.

#include <torch/types.h>

#include <cstdint>
#include <string>

#include "model/named_tensors.h"
#include "train/checkpoint.h"

namespace weft {

/// Copies the checkpoint's tensor PREFIX + NAME over each target. Throws UserError if there is none
/// of its shape.
void copy_into(const NamedTensors& targets, const std::string& prefix,
               const Checkpoint& checkpoint);

at::Generator generator_of(const torch::Device& device);

/// The generators of a run that computes on `device` and keeps its state in `directory`. Of one
/// that moves to a GPU, the GPU's own begins anew, from `seed`. Throws UserError if they are
/// damaged.
void restore_generators(const Checkpoint& checkpoint, const torch::Device& device, uint64_t seed,
                        const std::string& directory);

/// Whether training can go on from it: its weights are finite, and so was its last gradient.
bool is_good(const Checkpoint& checkpoint);

}  // namespace weft

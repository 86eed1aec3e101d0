#pragma once
// Which device computes.

#include <torch/types.h>

#include "config/training_options.h"

namespace weft {

/// The device that a choice stands for on this machine; what kAuto is, where LibTorch is built for
/// CUDA, is told in the log. Throws UserError where there is no such GPU.
torch::Device resolved(const DeviceChoice& choice);

/// The choice of this device alone.
DeviceChoice choice_of(const torch::Device& device);

/// Waits until the device has done all that it has been given.
void synchronize(const torch::Device& device);

/// From now on what the calling thread gives a GPU does not wait for what other threads give it.
/// What they share must have been computed by then.
void compute_beside_others(const torch::Device& device);

}  // namespace weft

#pragma once
// How fast a GPU multiplies matrices large enough to fill it.

#include <torch/types.h>

#include <vector>

#include "config/training_options.h"

namespace weft::ops {

/// Floating-point operations a second of [8192 x 4096]·[4096 x 4096] on a GPU, measured `rounds`
/// times.
std::vector<double> gpu_matmul_rates(Precision precision, const torch::Device& device, int rounds);

}  // namespace weft::ops

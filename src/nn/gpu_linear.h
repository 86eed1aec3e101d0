#pragma once
// Products on a GPU.

#include <torch/types.h>

#include "config/training_options.h"

namespace weft {

/// W x + b over the last dimension as affine() computes it, [..., I] -> [..., O], all float32. With
/// kBfloat16 the factors and the products of both passes are rounded to bfloat16; what is added up
/// over several products, such as the gradient of a weight that is used at every step, is not.
/// Within a WeightGradientsGuard, gradients of weights may be left to the guard's collector, which
/// must outlive the backward pass.
torch::Tensor gpu_linear(const torch::Tensor& input, const torch::Tensor& weight,
                         const torch::Tensor& bias, Precision precision);

}  // namespace weft

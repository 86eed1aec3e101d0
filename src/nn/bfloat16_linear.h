#pragma once
// Products of bfloat16 numbers on a GPU.

#include <torch/types.h>

namespace weft {

/// W x + b over the last dimension as affine() computes it, [..., I] -> [..., O], all float32, with
/// the factors and the products of both passes rounded to bfloat16; what is added up over several
/// products, such as the gradient of a weight that is used at every step, is float32.
torch::Tensor bfloat16_linear(const torch::Tensor& input, const torch::Tensor& weight,
                              const torch::Tensor& bias);

}  // namespace weft

#pragma once
// Products on a GPU.

#include <torch/types.h>

#include "kernels/product_context.h"

namespace weft::ops {

/// W x + b over the last dimension as affine() computes it, [..., I] -> [..., O], all float32. With
/// kBfloat16 the factors and the products of both passes are rounded to bfloat16; what is added up
/// over several products, such as the gradient of a weight that is used at every step, is not.
/// Gradients of weights may be left to the context's collector.
torch::Tensor gpu_linear(const torch::Tensor& input, const torch::Tensor& weight,
                         const torch::Tensor& bias, const kernels::ProductContext& context);

}  // namespace weft::ops

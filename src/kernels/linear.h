#pragma once
// An affine map whose products are packed: what ops/affine.h has for the processor.

#include <torch/types.h>

#include "kernels/product_context.h"

namespace weft::kernels {

/// y = x W^T + b over the last dimension: input [..., I], weight [O, I], bias [O] or undefined ->
/// [..., O]. float32 on the CPU; differentiable in all three. Throws c10::Error on a wrong shape.
torch::Tensor linear(const torch::Tensor& input, const torch::Tensor& weight,
                     const torch::Tensor& bias, const ProductContext& context);

}  // namespace weft::kernels

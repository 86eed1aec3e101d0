#pragma once
// Affine maps.

#include <torch/types.h>

#include "ops/backend.h"

namespace weft::ops {

struct AffineInput {
  torch::Tensor input;   ///< x [..., I]
  torch::Tensor weight;  ///< W [O, I]
  torch::Tensor bias;    ///< b [O]; may be undefined
};

/// W x + b over the last dimension: [..., I] -> [..., O].
extern const Op<torch::Tensor, AffineInput> affine;

}  // namespace weft::ops

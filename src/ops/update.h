#pragma once
// What an optimizer does to all parameters at once.

#include <torch/types.h>

#include <vector>

#include "kernels/adam_step.h"
#include "ops/backend.h"

namespace weft::ops {

struct AdamUpdate {
  std::vector<kernels::AdamTensors> tensors;
  kernels::AdamCoefficients coefficients;
};

/// Kingma & Ba 2015 (arXiv:1412.6980), algorithm 1, and a moving average of the result:
///   m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
///   θ = θ - step_size · m / (sqrt(v) variance_scale + ε),   a = d a + (1 - d) θ
extern const Op<void, AdamUpdate> adam_update;

/// The 2-norm of all gradients together; at least one.
extern const Op<double, std::vector<torch::Tensor>> gradient_norm;

/// An update by Adam of which the device alone knows whether it is one: nothing waits for it. As
/// adam_update with g divided, step_size = rate / (1 - β₁ᵗ) and variance_scale = 1 / sqrt(1 - β₂ᵗ),
/// without an average.
struct UnseenAdamUpdate {
  std::vector<torch::Tensor> parameters = {}, gradients = {}, means = {}, variances = {};
  torch::Tensor updates;           ///< t, a float scalar on the device
  torch::Tensor gradient_divisor;  ///< g is divided by it first; likewise
  torch::Tensor is_finite;         ///< 1, or 0: nothing moves; likewise
  double rate = 0, beta1 = 0, beta2 = 0, epsilon = 0;
};
extern const Op<void, UnseenAdamUpdate> adam_update_unseen;
/// Whether it pays for such parameters: elsewhere nothing is gained by not looking.
bool updates_unseen(const ComputeContext& compute, const torch::Tensor& parameter);

}  // namespace weft::ops

#include "nn/attention_losses.h"

#include <torch/types.h>

namespace weft {

torch::Tensor coverage_loss(const torch::Tensor& weights, const torch::Tensor& target_mask) {
  const auto looked = weights.cumsum(1) - weights;
  return (torch::min(weights, looked).sum(2) * target_mask.to(weights.dtype())).sum();
}

torch::Tensor attention_entropy_loss(const torch::Tensor& weights,
                                     const torch::Tensor& target_mask) {
  constexpr double kLeast = 1e-12;  // below, the derivative of α log α is of no use
  const auto entropy = -(weights * weights.clamp_min(kLeast).log()).sum(2);
  return (entropy * target_mask.to(weights.dtype())).sum();
}

}  // namespace weft

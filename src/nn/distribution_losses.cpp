#include "nn/distribution_losses.h"

#include <torch/types.h>

namespace weft {

torch::Tensor distillation_loss(const torch::Tensor& logits, const torch::Tensor& teacher,
                                const torch::Tensor& target_mask, double temperature) {
  const auto log_probs = torch::log_softmax(logits / temperature, 2);
  const auto taught = torch::softmax(teacher.detach() / temperature, 2);
  const auto mask = target_mask.to(logits.dtype());
  return -temperature * temperature * ((taught * log_probs).sum(2) * mask).sum();
}

torch::Tensor r_drop_loss(const torch::Tensor& logits, const torch::Tensor& target_mask) {
  const auto log_probs = torch::log_softmax(logits, 2).chunk(2);
  const auto& first = log_probs[0];
  const auto& second = log_probs[1];
  // KL(p ‖ q) + KL(q ‖ p) = Σ (p - q) (log p - log q)
  const auto both = ((first.exp() - second.exp()) * (first - second)).sum(2);
  return 0.5 * (both * target_mask.chunk(2)[0].to(logits.dtype())).sum();
}

torch::Tensor expected_costs(const torch::Tensor& log_probs, const torch::Tensor& costs,
                             double sharpness) {
  return (torch::softmax(sharpness * log_probs, 1) * costs).sum(1);
}

}  // namespace weft

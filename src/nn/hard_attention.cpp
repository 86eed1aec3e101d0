#include "nn/hard_attention.h"

#include <torch/types.h>

namespace weft {

torch::Tensor one_at(const torch::Tensor& position, const torch::Tensor& like) {
  return torch::zeros_like(like.detach()).scatter_(1, position, 1);
}

AttentionSample stack_samples(const std::vector<AttentionSample>& steps) {
  if (!steps.front().log_probability.defined()) return {};
  std::vector<torch::Tensor> log_probabilities, entropies;
  for (const auto& step : steps) {
    log_probabilities.push_back(step.log_probability);
    entropies.push_back(step.entropy);
  }
  return {torch::stack(log_probabilities, 1), torch::stack(entropies, 1)};
}

HardChoice best_position(const torch::Tensor& weights) {
  return {one_at(weights.argmax(1, /*keepdim=*/true), weights), {}};
}

}  // namespace weft

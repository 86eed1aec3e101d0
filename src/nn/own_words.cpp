#include "nn/own_words.h"

#include <torch/types.h>

namespace weft {

torch::Tensor sampled_tokens(const torch::Tensor& logits) {
  // log of an exponential variable is minus a Gumbel one
  return (logits - torch::empty_like(logits).exponential_().log()).argmax(2);
}

torch::Tensor mixed_inputs(const torch::Tensor& inputs, const torch::Tensor& predicted,
                           const torch::Tensor& mask, double probability) {
  const auto own = torch::cat({inputs.narrow(1, 0, 1), predicted.slice(1, 0, -1)}, 1);
  auto drawn = torch::rand(inputs.sizes(), inputs.options().dtype(torch::kFloat32)) < probability;
  drawn = drawn.logical_and(mask);
  drawn.select(1, 0).fill_(false);
  return torch::where(drawn, own, inputs);
}

}  // namespace weft

#include "nn/attention_balance.h"

#include <torch/types.h>

namespace weft {

torch::Tensor attention_balance_loss(const torch::Tensor& weights, const torch::Tensor& target_mask,
                                     const torch::Tensor& source_mask) {
  const auto looked = (weights * target_mask.unsqueeze(2).to(weights.dtype())).sum(1);  // [B, S]
  return ((1 - looked).square() * source_mask.to(weights.dtype())).sum();
}

}  // namespace weft

#include "nn/feed_forward_score.h"

#include <torch/nn/module.h>
#include <torch/types.h>

namespace weft {

FeedForwardScoreImpl::FeedForwardScoreImpl(const AttentionWidths& widths, int64_t heads)
    : energy_(register_module("energy", Linear(widths.annotation, heads))) {}

torch::Tensor FeedForwardScoreImpl::precompute(const ComputeContext& compute,
                                               const torch::Tensor& annotations) {
  return torch::tanh(energy_(compute, annotations));
}

torch::Tensor FeedForwardScoreImpl::energies(const ComputeContext& /*compute*/,
                                             const torch::Tensor& /*query*/,
                                             const torch::Tensor& keys) {
  return keys.transpose(1, 2);
}

}  // namespace weft

#include "nn/location_score.h"

#include <torch/nn/module.h>
#include <torch/types.h>

#include <limits>

namespace weft {

LocationScoreImpl::LocationScoreImpl(const AttentionWidths& widths, int64_t positions,
                                     int64_t heads)
    : energy_(register_module("energy", Linear(widths.query, heads * positions, Bias::kWithout))),
      positions_(positions),
      heads_(heads) {}

torch::Tensor LocationScoreImpl::precompute(const ComputeContext& /*compute*/,
                                            const torch::Tensor& annotations) {
  return annotations.narrow(2, 0, 0);
}

torch::Tensor LocationScoreImpl::energies(const ComputeContext& compute, const torch::Tensor& query,
                                          const torch::Tensor& keys) {
  const auto all = energy_(compute, query).unflatten(1, {heads_, positions_});  // [N, K, P]
  // Fills up or, with a negative count, cuts off.
  return torch::constant_pad_nd(all, {0, keys.size(1) - positions_},
                                -std::numeric_limits<float>::infinity());
}

}  // namespace weft

#include "nn/additive_score.h"

#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include <cmath>

#include "nn/new_parameter.h"
#include "ops/attention.h"

namespace weft {

AdditiveScoreImpl::AdditiveScoreImpl(const AttentionWidths& widths, int64_t width, int64_t heads)
    : query(register_module("query", Linear(widths.query, width, Bias::kWithout))),
      key(register_module("key", Linear(widths.annotation, width))),
      energy(register_parameter("energy", new_parameter({width}))),
      heads_(heads) {}

void AdditiveScoreImpl::initialize() {
  query->initialize();
  key->initialize();
  const double bound = 1 / std::sqrt(static_cast<double>(energy.size(0)));
  torch::nn::init::uniform_(energy, -bound, bound);
}

torch::Tensor AdditiveScoreImpl::precompute(const ComputeContext& compute,
                                            const torch::Tensor& annotations) {
  return key(compute, annotations);
}

torch::Tensor AdditiveScoreImpl::energies(const ComputeContext& compute,
                                          const torch::Tensor& query_rows,
                                          const torch::Tensor& keys) {
  const auto hidden = ops::additive_hidden(query(compute, query_rows), keys);  // [N, S, A]
  if (heads_ == 1) return hidden.matmul(energy).unsqueeze(1);
  const auto slices = (hidden * energy).unflatten(2, {heads_, -1});  // [N, S, K, A/K]
  return slices.sum(3).transpose(1, 2);
}

}  // namespace weft

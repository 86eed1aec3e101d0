#include "nn/dot_score.h"

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cmath>

namespace weft {
namespace {

/// Products of each head's slices: query [N, A], keys [N, S, A] -> [N, K, S].
torch::Tensor inner_products(const torch::Tensor& query, const torch::Tensor& keys, int64_t heads) {
  if (heads == 1) return torch::bmm(query.unsqueeze(1), keys.transpose(1, 2));
  const auto queries = query.unflatten(1, {heads, 1, -1});                   // [N, K, 1, A/K]
  const auto slices = keys.unflatten(2, {heads, -1}).permute({0, 2, 3, 1});  // [N, K, A/K, S]
  return torch::matmul(queries, slices).squeeze(2);
}

}  // namespace

DotScoreImpl::DotScoreImpl(const AttentionWidths& widths, int64_t heads)
    : width_(widths.annotation), heads_(heads) {
  TORCH_CHECK(widths.query == widths.annotation, "the dot score has a query of ", widths.query,
              " units and annotations of ", widths.annotation, "; expected the same width");
}

torch::Tensor DotScoreImpl::energies(const ComputeContext& /*compute*/, const torch::Tensor& query,
                                     const torch::Tensor& keys) {
  return inner_products(query, keys, heads_);
}

GeneralScoreImpl::GeneralScoreImpl(const AttentionWidths& widths, int64_t heads)
    : key_(register_module("key", Linear(widths.annotation, widths.query, Bias::kWithout))),
      heads_(heads) {}

torch::Tensor GeneralScoreImpl::energies(const ComputeContext& /*compute*/,
                                         const torch::Tensor& query, const torch::Tensor& keys) {
  return inner_products(query, keys, heads_);
}

ScaledDotScoreImpl::ScaledDotScoreImpl(const AttentionWidths& widths, int64_t width, int64_t heads)
    : query_(register_module("query", Linear(widths.query, width, Bias::kWithout))),
      key_(register_module("key", Linear(widths.annotation, width, Bias::kWithout))),
      heads_(heads),
      scale_(1 / std::sqrt(static_cast<double>(width / heads))) {}

void ScaledDotScoreImpl::initialize() {
  query_->initialize();
  key_->initialize();
}

torch::Tensor ScaledDotScoreImpl::energies(const ComputeContext& compute,
                                           const torch::Tensor& query, const torch::Tensor& keys) {
  return inner_products(query_(compute, query) * scale_, keys, heads_);
}

}  // namespace weft

#include "nn/attention.h"

#include <torch/torch.h>

#include <limits>

#include "kernels/search_step.h"
#include "nn/additive_score.h"
#include "nn/fast_path.h"

namespace weft {
namespace {

/// Registers what `part` owns under the same names in `owner`.
void adopt(torch::nn::Module& owner, const torch::nn::Module& part) {
  for (const auto& child : part.named_children()) owner.register_module(child.key(), child.value());
  constexpr bool kRecurse = false;
  for (const auto& item : part.named_parameters(kRecurse))
    owner.register_parameter(item.key(), item.value());
}

/// Row n of the result is the set that query n reads.
torch::Tensor of_each_query(const torch::Tensor& of_sets, const torch::Tensor& sets) {
  return sets.defined() ? of_sets.index_select(0, sets) : of_sets;
}

}  // namespace

AttentionState AttentionState::select(const torch::Tensor& /*rows*/) const { return {}; }

AttentionImpl::AttentionImpl(const AttentionOptions& options, const AttentionWidths& widths)
    : options_(options), score_(std::make_shared<AdditiveScoreImpl>(widths, options.width, 1)) {
  adopt(*this, *score_);
}

void AttentionImpl::initialize() { score_->initialize(); }

AttentionMemory AttentionImpl::remember(const torch::Tensor& annotations,
                                        const torch::Tensor& mask) {
  return {annotations, score_->remember(annotations), mask, {}};
}

AttentionState AttentionImpl::start(const torch::Tensor& /*annotations*/) const { return {}; }

bool AttentionImpl::averages_values() const { return true; }

const AdditiveScoreImpl* AttentionImpl::additive_softmax() const {
  return static_cast<const AdditiveScoreImpl*>(score_.get());
}

AttentionOutput AttentionImpl::forward(const torch::Tensor& query, const AttentionState& /*state*/,
                                       const AttentionMemory& memory) {
  const auto* additive = additive_softmax();
  if (additive && use_search_kernels(query)) {
    auto projected = additive->query;
    const auto attended = kernels::attention_step(
        {projected(query), memory.keys, additive->energy, memory.values, memory.mask, memory.sets});
    return {attended.context, attended.weights, {}};
  }
  const auto energies = score_->energies(query, of_each_query(memory.keys, memory.sets));
  const auto padding = of_each_query(memory.mask, memory.sets).logical_not().unsqueeze(1);
  const auto weights = torch::softmax(
      energies.masked_fill(padding, -std::numeric_limits<float>::infinity()), 2);  // [N, K, S]
  const auto context = torch::bmm(weights, of_each_query(memory.values, memory.sets)).squeeze(1);
  return {context, weights.squeeze(1), {}};
}

}  // namespace weft

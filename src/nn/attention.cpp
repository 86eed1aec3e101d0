#include "nn/attention.h"

#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <limits>

#include "nn/additive_score.h"
#include "nn/entmax.h"
#include "nn/sparsemax.h"

namespace weft {
namespace {

/// Registers what `part` owns under the same names in `owner`.
void adopt(torch::nn::Module& owner, const torch::nn::Module& part) {
  for (const auto& child : part.named_children()) owner.register_module(child.key(), child.value());
  constexpr bool kRecurse = false;
  for (const auto& item : part.named_parameters(kRecurse))
    owner.register_parameter(item.key(), item.value());
}

}  // namespace

AttentionState AttentionState::select(const torch::Tensor& rows) const {
  AttentionState selected;
  if (coverage.defined()) selected.coverage = coverage.index_select(0, rows);
  if (step.defined()) selected.step = step.index_select(0, rows);
  if (expected.defined()) selected.expected = expected.index_select(0, rows);
  for (const auto& of_source : sources) selected.sources.push_back(of_source.select(rows));
  return selected;
}

AttentionImpl::AttentionImpl(const AttentionOptions& options, const AttentionWidths& widths)
    : options_(options),
      annotation_width_(widths.annotation),
      score_(make_attention_score(options, widths)) {
  if (!score_) return;
  adopt(*this, *score_);
  window_ = make_attention_window(options, widths);
  adopt(*this, *window_);
  coverage_ = make_coverage(options, widths, score_->key_width());
  if (coverage_) adopt(*this, *coverage_);
  if (options.heads == 1) return;
  const int64_t width = widths.annotation;
  value_ = register_module("value", Linear(width, width, Bias::kWithout));
  output_ = register_module("output", Linear(width, width, Bias::kWithout));
}

void AttentionImpl::initialize() {
  if (!score_) return;
  score_->initialize();
  window_->initialize();
  if (coverage_) coverage_->initialize();
  if (value_) value_->initialize();
  if (output_) output_->initialize();
}

void AttentionImpl::train(bool on) {
  Module::train(on);
  if (!score_) return;
  score_->train(on);
  window_->train(on);
  if (coverage_) coverage_->train(on);
}

AttentionMemory AttentionImpl::precompute(const ComputeContext& compute,
                                          const torch::Tensor& annotations,
                                          const torch::Tensor& mask, const torch::Tensor& fixed,
                                          const std::vector<int64_t>& /*sections*/) {
  if (!score_) return {fixed.unsqueeze(1), {}, mask, {}};
  AttentionMemory memory{value_ ? value_(compute, annotations) : annotations,
                         score_->precompute(compute, annotations),
                         mask,
                         {}};
  if (coverage_) memory.coverage = coverage_->precompute(compute, annotations);
  if (const auto* additive = additive_softmax()) {
    memory.shared =
        ops::share_attention(compute, {{}, memory.keys, additive->energy, memory.values, mask, {}});
  }
  return memory;
}

AttentionState AttentionImpl::start(const torch::Tensor& annotations,
                                    const std::vector<int64_t>& /*sections*/) const {
  AttentionState state;
  if (coverage_) state.coverage = coverage_->start(annotations);
  if (options_.window == AttentionWindowType::kMonotonic)
    state.step = torch::zeros({annotations.size(0)}, annotations.options().dtype(torch::kInt64));
  if (options_.kind == AttentionKind::kHard && is_training()) {
    const auto uniform = torch::rand({annotations.size(0)}, annotations.options());
    state.expected = uniform.lt(options_.hard.expected);
  }
  return state;
}

AttentionWork AttentionImpl::work() const {
  if (!score_) return {};
  auto work = score_->work();
  if (coverage_) {
    const auto more = coverage_->work();
    work.per_annotation += more.per_annotation;
    work.per_query += more.per_query;
    work.per_pair += more.per_pair;
  }
  work.per_pair += annotation_width_;  // the mean
  work.per_query += matrix_elements(*window_);
  if (value_) {
    work.per_annotation += value_->weight.numel();
    work.per_query += output_->weight.numel();
  }
  return work;
}

bool AttentionImpl::averages_values() const {
  return score_ && options_.heads == 1 && options_.window != AttentionWindowType::kPredictive;
}

const AdditiveScoreImpl* AttentionImpl::additive_softmax() const {
  const bool is_additive_softmax = options_.score == ScoreType::kAdditive && options_.heads == 1 &&
                                   options_.normalization == WeightNormalization::kSoftmax &&
                                   options_.window == AttentionWindowType::kGlobal &&
                                   options_.coverage == CoverageType::kNone &&
                                   options_.kind == AttentionKind::kSoft;
  return is_additive_softmax ? static_cast<const AdditiveScoreImpl*>(score_.get()) : nullptr;
}

torch::Tensor AttentionImpl::normalize(const torch::Tensor& energies) const {
  switch (options_.normalization) {
    case WeightNormalization::kSoftmax:
      return torch::softmax(energies, -1);
    case WeightNormalization::kSparsemax:
      return sparsemax(energies);
    case WeightNormalization::kEntmax15:
      return entmax15(energies);
  }
  TORCH_CHECK(false, "unknown normalization");
}

torch::Tensor AttentionImpl::average(const ComputeContext& compute, const torch::Tensor& weights,
                                     const torch::Tensor& values) {
  if (options_.heads == 1) return torch::bmm(weights, values).squeeze(1);
  const auto slices = values.unflatten(2, {options_.heads, -1}).transpose(1, 2);  // [N, K, S, C/K]
  const auto contexts = torch::matmul(weights.unsqueeze(2), slices);              // [N, K, 1, C/K]
  return output_(compute, contexts.flatten(1));
}

AttentionOutput AttentionImpl::forward(const ComputeContext& compute, const torch::Tensor& query,
                                       const AttentionState& state, const AttentionMemory& memory) {
  const auto each = [&](const torch::Tensor& x) { return ops::of_each_query(x, memory.sets); };
  if (!score_) return {each(memory.values).squeeze(1), {}, {}};
  if (const auto* additive = additive_softmax()) {
    auto projected = additive->query;
    const auto attended =
        ops::attend(compute, {{projected(compute, query), memory.keys, additive->energy,
                               memory.values, memory.mask, memory.sets},
                              memory.shared});
    return {attended.context, attended.weights, {}};
  }
  auto keys = each(memory.keys);
  if (coverage_) keys = keys + coverage_->key(compute, state.coverage);
  const auto view = window_->look(compute, query, each(memory.mask), state.step);
  const auto energies = score_->energies(compute, query, keys)
                            .masked_fill(view.visible.logical_not().unsqueeze(1),
                                         -std::numeric_limits<float>::infinity());
  auto weights = normalize(energies);  // [N, K, S]
  if (view.factor.defined()) weights = weights * view.factor.unsqueeze(1);
  // Without heads there is no mean to take, which would cost a GPU a launch.
  const auto mean = options_.heads == 1 ? weights.squeeze(1) : weights.mean(1);
  AttentionOutput output{{}, shows_first_head_ ? weights.select(1, 0) : mean, {}};
  if (options_.kind == AttentionKind::kHard) {
    const auto choice = state.expected.defined() ? draw_position(output.weights, state.expected)
                                                 : best_position(output.weights);
    weights = choice.weights.unsqueeze(1);
    output.sample = choice.sample;
    output.state.expected = state.expected;
  }
  output.context = average(compute, weights, each(memory.values));
  if (coverage_)
    output.state.coverage =
        coverage_->update(compute, state.coverage, {query, mean, each(memory.coverage)});
  if (state.step.defined()) output.state.step = state.step + 1;
  return output;
}

}  // namespace weft

#include "ops/attention.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <limits>

#include "kernels/additive_attention.h"

namespace weft::ops {
namespace {

using torch::Tensor;

bool attends_in_search(const ComputeContext& compute, const AttentionStep& step) {
  return is_for_search(compute, step.query);
}

Attended search_attention(const ComputeContext& /*compute*/, const AttentionStep& step) {
  return kernels::attention_step(step);
}

bool attends_in_training(const ComputeContext& compute, const AttentionStep& step) {
  return is_for_cpu(compute, step.query) && step.shared && !step.sets.defined();
}

Attended training_attention(const ComputeContext& /*compute*/, const AttentionStep& step) {
  return kernels::additive_attention(step.query, *step.shared);
}

Attended plain_attention(const ComputeContext& /*compute*/, const AttentionStep& step) {
  constexpr auto kNever = -std::numeric_limits<float>::infinity();
  const auto each = [&](const Tensor& x) { return of_each_query(x, step.sets); };
  const auto energies = additive_hidden(step.query, each(step.keys)).matmul(step.energy);  // [N, S]
  const auto weights =
      torch::softmax(energies.masked_fill(each(step.mask).logical_not(), kNever), 1);
  return {torch::bmm(weights.unsqueeze(1), each(step.values)).squeeze(1), weights};
}

constexpr Backend<Attended, AttentionStep> kAttention[] = {
    {"search", attends_in_search, search_attention},
    {"training", attends_in_training, training_attention},
    {"plain", always, plain_attention},
};

}  // namespace

constinit const Op<Attended, AttentionStep> attend{kAttention};

SharedAttention share_attention(const ComputeContext& compute,
                                const kernels::AttentionStep& source) {
  if (!is_for_cpu(compute, source.values) || !torch::GradMode::is_enabled()) return nullptr;
  return std::make_shared<kernels::SharedAttention>(kernels::share_attention(source));
}

Tensor additive_hidden(const Tensor& query, const Tensor& keys) {
  return torch::tanh(query.unsqueeze(1) + keys);
}

Tensor of_each_query(const Tensor& of_sets, const Tensor& sets) {
  return sets.defined() ? of_sets.index_select(0, sets) : of_sets;
}

bool attends_in_place(const ComputeContext& compute, const Tensor& values) {
  return is_for_search(compute, values);
}

}  // namespace weft::ops

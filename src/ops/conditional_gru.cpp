#include "ops/conditional_gru.h"

#include <torch/types.h>

#include <vector>

#include "ops/affine.h"
#include "ops/attention.h"
#include "ops/recurrence.h"

namespace weft::ops {
namespace {

bool runs_on_cpu(const ComputeContext& compute, const ConditionalGruInputs& in) {
  return is_for_cpu(compute, in.input_gates);
}

ConditionalGruOutputs cpu_conditional_gru(const ComputeContext& compute,
                                          const ConditionalGruInputs& in) {
  return kernels::conditional_gru_sequence(in, compute);
}

ConditionalGruOutputs plain_conditional_gru(const ComputeContext& compute,
                                            const ConditionalGruInputs& in) {
  std::vector<torch::Tensor> states, contexts, weights;
  auto state = in.initial;
  for (const auto& gates : in.input_gates.unbind(1)) {
    const auto between = gru_step(compute, {gates, state, in.weight_hh, in.bias_hh});
    const auto query = affine(compute, {between, in.query_weight, {}});
    const auto attended =
        attend(compute, {{query, in.keys, in.energy, in.annotations, in.mask, {}}});
    const auto context_gates =
        affine(compute, {attended.context, in.context_weight_ih, in.context_bias_ih});
    state = gru_step(compute, {context_gates, between, in.context_weight_hh, in.context_bias_hh});
    states.push_back(state);
    contexts.push_back(attended.context);
    weights.push_back(attended.weights);
  }
  return {torch::stack(states, 1), torch::stack(contexts, 1), torch::stack(weights, 1)};
}

constexpr Backend<ConditionalGruOutputs, ConditionalGruInputs> kConditionalGru[] = {
    {"cpu", runs_on_cpu, cpu_conditional_gru},
    {"plain", always, plain_conditional_gru},
};

}  // namespace

constinit const Op<ConditionalGruOutputs, ConditionalGruInputs> conditional_gru{kConditionalGru};

}  // namespace weft::ops

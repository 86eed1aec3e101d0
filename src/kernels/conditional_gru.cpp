#include "kernels/conditional_gru.h"

#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "kernels/conditional_gru_steps.h"
#include "kernels/gru_row.h"
#include "kernels/sequence_steps.h"

namespace weft::kernels {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

ConditionalGruSizes sizes_of(const ConditionalGruInputs& in) {
  return {in.initial.size(0), in.input_gates.size(1), in.initial.size(1),
          in.keys.size(1),    in.keys.size(2),        in.annotations.size(2)};
}

void check(const ConditionalGruInputs& in) {
  const auto n = sizes_of(in);
  const auto expect = [](const Tensor& tensor, torch::IntArrayRef sizes, const char* name) {
    TORCH_CHECK(tensor.sizes() == sizes, "conditional_gru_sequence: ", name, " is ", tensor.sizes(),
                ", expected ", sizes);
  };
  const int64_t gates = 3 * n.hidden;
  expect(in.input_gates, {n.batch, n.steps, gates}, "input_gates");
  expect(in.weight_hh, {gates, n.hidden}, "weight_hh");
  expect(in.bias_hh, {gates}, "bias_hh");
  expect(in.query_weight, {n.width, n.hidden}, "query_weight");
  expect(in.keys, {n.batch, n.positions, n.width}, "keys");
  expect(in.energy, {n.width}, "energy");
  expect(in.annotations, {n.batch, n.positions, n.annotation_width}, "annotations");
  expect(in.mask, {n.batch, n.positions}, "mask");
  expect(in.context_weight_ih, {gates, n.annotation_width}, "context_weight_ih");
  expect(in.context_bias_ih, {gates}, "context_bias_ih");
  expect(in.context_weight_hh, {gates, n.hidden}, "context_weight_hh");
  expect(in.context_bias_hh, {gates}, "context_bias_hh");
  TORCH_CHECK(in.mask.scalar_type() == torch::kBool, "conditional_gru_sequence: mask is ",
              in.mask.scalar_type());
}

// The fields in their order, for autograd, which knows lists only.
tensor_list to_list(const ConditionalGruInputs& in) {
  return {in.input_gates,
          in.initial,
          in.weight_hh,
          in.bias_hh,
          in.query_weight,
          in.keys,
          in.energy,
          in.annotations,
          in.mask,
          in.context_weight_ih,
          in.context_bias_ih,
          in.context_weight_hh,
          in.context_bias_hh};
}

ConditionalGruInputs from_list(const tensor_list& t) {
  return {t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12]};
}

struct Forward {
  ConditionalGruOutputs outputs;
  ConditionalGruSaved saved;
};

Forward run_forward(const ConditionalGruInputs& in, const ProductContext& context) {
  const auto n = sizes_of(in);
  const auto steps_of = [&](int64_t columns) {
    return torch::empty({n.batch, n.steps, columns}, in.initial.options());
  };
  Forward result{{steps_of(n.hidden), steps_of(n.annotation_width), steps_of(n.positions)},
                 {steps_of(kGruSavedGates * n.hidden), steps_of(n.hidden), steps_of(n.width),
                  steps_of(kGruSavedGates * n.hidden)}};
  conditional_gru_forward(in, n, context, result.outputs, result.saved);
  return result;
}

class ConditionalGruFunction : public torch::autograd::Function<ConditionalGruFunction> {
 public:
  static tensor_list forward(AutogradContext* ctx, torch::TensorList inputs,
                             const ProductContext& context) {
    auto list = inputs.vec();
    const auto result = run_forward(from_list(list), context);
    const auto& out = result.outputs;
    const auto& saved = result.saved;
    ctx->saved_data["steps"] = list[0].size(1);
    save_context(ctx, context);
    list[0] = out.states;  // the input gates are not needed again
    list.insert(list.end(), {out.contexts, out.weights, saved.first_gates, saved.between,
                             saved.queries, saved.second_gates});
    ctx->save_for_backward(list);
    return {out.states, out.contexts, out.weights};
  }

  static tensor_list backward(AutogradContext* ctx, tensor_list gradients) {
    const auto list = ctx->get_saved_variables();
    ConditionalGruInputs in = from_list(list);
    const ConditionalGruOutputs outputs{list[0], list[13], list[14]};
    const ConditionalGruSaved saved{list[15], list[16], list[17], list[18]};
    const auto in_gradients = conditional_gru_backward(
        in, sizes_of(in), saved_context(ctx).precision, outputs, saved,
        {gradients[0].contiguous(), gradients[1].contiguous(), gradients[2].contiguous()});
    auto result = to_list(in_gradients);
    result.emplace_back();  // of the context
    return result;
  }
};

}  // namespace

ConditionalGruOutputs conditional_gru_sequence(const ConditionalGruInputs& inputs,
                                               const ProductContext& context) {
  check(inputs);
  auto list = to_list(inputs);
  bool gradient = false;
  for (auto& tensor : list) {
    tensor = tensor.contiguous();
    gradient = gradient || needs_gradient({tensor});
  }
  if (!gradient) {
    const torch::NoGradGuard no_gradient;
    return run_forward(from_list(list), context).outputs;
  }
  const auto result = ConditionalGruFunction::apply(torch::TensorList(list), context);
  return {result[0], result[1], result[2]};
}

}  // namespace weft::kernels

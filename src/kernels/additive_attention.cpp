#include "kernels/additive_attention.h"

#include <torch/autograd.h>
#include <torch/types.h>

#include <utility>
#include <vector>

#include "kernels/attention_row.h"
#include "kernels/parallel.h"

namespace weft::kernels {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;
using SharedGradients = c10::intrusive_ptr<AttentionGradients>;

void keep(AutogradContext* ctx, const SharedGradients& gradients) {
  ctx->saved_data["gradients"] = c10::IValue::make_capsule(gradients);
}

SharedGradients kept(AutogradContext* ctx) {
  return c10::static_intrusive_pointer_cast<AttentionGradients>(
      ctx->saved_data["gradients"].toCapsule());
}

// Stands before all steps, so that its way back comes after theirs.
class ShareFunction : public torch::autograd::Function<ShareFunction> {
 public:
  static tensor_list forward(AutogradContext* ctx, const Tensor& keys, const Tensor& energy,
                             const Tensor& values, const SharedGradients& gradients) {
    keep(ctx, gradients);
    return {keys.view_as(keys), energy.view_as(energy), values.view_as(values)};
  }

  // The steps give nothing to their inputs (see below): all of it is in the sums.
  static tensor_list backward(AutogradContext* ctx, const tensor_list&) {
    const auto gradients = kept(ctx);
    if (gradients->weights.empty()) return tensor_list(4);
    const auto weights = torch::stack(std::exchange(gradients->weights, {}), 2);    // [B, S, T]
    const auto contexts = torch::stack(std::exchange(gradients->contexts, {}), 1);  // [B, T, C]
    return {std::exchange(gradients->keys, {}), std::exchange(gradients->energy, {}).sum(0),
            torch::bmm(weights, contexts), Tensor()};
  }
};

// dL/dquery [B, A]; what the step adds to the gradients of keys and energy goes to `shared`.
Tensor attention_backward(const AttentionStep& s, const Tensor& weights,
                          const Tensor& context_gradient, const Tensor& weight_gradient,
                          AttentionGradients& shared) {
  const int64_t positions = s.keys.size(1);
  const int64_t width = s.keys.size(2);
  const int64_t value_width = s.values.size(2);
  Tensor query = torch::empty_like(s.query);
  parallel_tasks(s.query.size(0), [&](int64_t n) {
    std::vector<float> energies(static_cast<size_t>(positions));
    attention_backward_row(
        {s.query.data_ptr<float>() + n * width, s.keys.data_ptr<float>() + n * positions * width,
         s.energy.data_ptr<float>(), s.values.data_ptr<float>() + n * positions * value_width,
         s.mask.data_ptr<bool>() + n * positions, positions, width, value_width},
        {weights.data_ptr<float>() + n * positions,
         context_gradient.data_ptr<float>() + n * value_width,
         weight_gradient.data_ptr<float>() + n * positions, energies.data(),
         query.data_ptr<float>() + n * width, shared.keys.data_ptr<float>() + n * positions * width,
         shared.energy.data_ptr<float>() + n * width});
  });
  return query;
}

class StepFunction : public torch::autograd::Function<StepFunction> {
 public:
  static tensor_list forward(AutogradContext* ctx, const Tensor& query, const Tensor& keys,
                             const Tensor& energy, const Tensor& values, const Tensor& mask,
                             const SharedGradients& gradients) {
    keep(ctx, gradients);
    const auto output = attention_step({query, keys, energy, values, mask, {}});
    ctx->save_for_backward({query, keys, energy, values, mask, output.weights});
    return {output.context, output.weights};
  }

  static tensor_list backward(AutogradContext* ctx, const tensor_list& outputs) {
    const auto saved = ctx->get_saved_variables();
    const AttentionStep step{saved[0], saved[1], saved[2], saved[3], saved[4], {}};
    const auto& weights = saved[5];
    const auto context_gradient = outputs[0].contiguous();
    // A pass that does not come to ShareFunction, as one for the queries alone, must leave nothing
    // for the next pass to find.
    const bool comes_to_share =
        ctx->needs_input_grad(1) || ctx->needs_input_grad(2) || ctx->needs_input_grad(3);
    const auto shared = comes_to_share ? kept(ctx) : c10::make_intrusive<AttentionGradients>();
    if (shared->weights.empty()) {
      shared->keys = torch::zeros_like(step.keys);
      shared->energy = torch::zeros({step.keys.size(0), step.keys.size(2)}, step.keys.options());
    }
    shared->weights.push_back(weights);
    shared->contexts.push_back(context_gradient);
    tensor_list result(6);
    result[0] =
        attention_backward(step, weights, context_gradient, outputs[1].contiguous(), *shared);
    return result;
  }
};

}  // namespace

SharedAttention share_attention(const AttentionStep& source) {
  auto gradients = c10::make_intrusive<AttentionGradients>();
  const auto shared = ShareFunction::apply(source.keys.contiguous(), source.energy.contiguous(),
                                           source.values.contiguous(), gradients);
  return {shared[0], shared[1], shared[2], source.mask.contiguous(), std::move(gradients)};
}

AttentionStepOutput additive_attention(const Tensor& query, const SharedAttention& source) {
  const auto output = StepFunction::apply(query.contiguous(), source.keys, source.energy,
                                          source.values, source.mask, source.gradients);
  return {output[0], output[1]};
}

}  // namespace weft::kernels

#include "kernels/linear.h"

#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "kernels/frozen_weights.h"
#include "kernels/matmul.h"
#include "kernels/sequence_steps.h"
#include "kernels/weight_gradients.h"

namespace weft::kernels {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

Tensor affine_rows(const Tensor& input, const Tensor& weight, const Tensor& bias,
                   const ProductContext& context) {
  auto sizes = input.sizes().vec();
  sizes.back() = weight.size(0);
  const PackedWeight packed = forward_weight(weight, context);
  const int64_t rows = input.numel() / weight.size(1);
  if (bias.numel() == 0) {
    Tensor output = torch::empty(sizes, input.options());
    packed.multiply_all(input.data_ptr<float>(), rows, output.data_ptr<float>());
    return output;
  }
  // A clone, because one row is contiguous already and contiguous() would give the bias itself.
  Tensor output = bias.detach().expand(sizes).clone(torch::MemoryFormat::Contiguous);
  packed.multiply_all(input.data_ptr<float>(), rows, output.data_ptr<float>(), Write::kAdd);
  return output;
}

// A bias of no elements stands for none: autograd functions take no undefined tensor.
class LinearFunction : public torch::autograd::Function<LinearFunction> {
 public:
  static Tensor forward(AutogradContext* ctx, const Tensor& input, const Tensor& weight,
                        const Tensor& bias, const ProductContext& context) {
    ctx->save_for_backward({input, weight});
    save_context(ctx, context);
    ctx->saved_data["has_bias"] = bias.numel() > 0;
    return affine_rows(input, weight, bias, context);
  }

  static tensor_list backward(AutogradContext* ctx, tensor_list gradients) {
    const auto saved = ctx->get_saved_variables();
    const auto& input = saved[0];
    const auto& weight = saved[1];
    const auto context = saved_context(ctx);
    const Tensor output_gradient = gradients[0].contiguous();
    const float* dy = output_gradient.data_ptr<float>();
    const int64_t outputs = weight.size(0);
    const int64_t inputs = weight.size(1);
    const int64_t rows = input.numel() / inputs;
    tensor_list result(4);
    if (ctx->needs_input_grad(0)) {
      result[0] = torch::empty_like(input);
      const PackedWeight packed = backward_weight(weight, context);
      packed.multiply_all(dy, rows, result[0].data_ptr<float>());
    }
    if (auto* collector = collector_of(weight, rows, context);
        collector && ctx->needs_input_grad(1)) {
      collector->add(weight, output_gradient.view({rows, outputs}), input.view({rows, inputs}),
                     context.precision);
    } else if (ctx->needs_input_grad(1)) {
      result[1] = torch::empty_like(weight);
      compute_weight_gradient({dy, outputs, input.data_ptr<float>(), rows, outputs, inputs,
                               result[1].data_ptr<float>()},
                              context.precision);
    }
    if (ctx->saved_data["has_bias"].toBool() && ctx->needs_input_grad(2)) {
      result[2] = torch::empty({outputs}, input.options());
      compute_column_sum({dy, outputs, rows, outputs, result[2].data_ptr<float>()});
    }
    return result;
  }
};

}  // namespace

Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias,
              const ProductContext& context) {
  TORCH_CHECK(input.size(-1) == weight.size(1), "linear: input has ", input.size(-1),
              " columns, the weight expects ", weight.size(1));
  const Tensor some_bias = bias.defined() ? bias : torch::empty({0}, weight.options());
  if (!needs_gradient({input, weight, some_bias})) {
    const torch::NoGradGuard no_gradient;
    return affine_rows(input.contiguous(), weight.contiguous(), some_bias, context);
  }
  return LinearFunction::apply(input.contiguous(), weight.contiguous(), some_bias, context);
}

}  // namespace weft::kernels

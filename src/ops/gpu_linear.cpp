#include "ops/gpu_linear.h"

#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "kernels/frozen_weights.h"
#include "kernels/weight_gradients.h"

namespace weft::ops {
namespace {

using kernels::ProductContext;
using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

Tensor rows_of(const Tensor& x) { return x.reshape({-1, x.size(-1)}); }

/// A factor of a product, in its precision.
Tensor factor(const Tensor& x, const ProductContext& context) {
  return context.precision == Precision::kBfloat16 ? x.to(torch::kBFloat16) : x;
}

/// W x + b of factors that may be bfloat16; a bias is added in float32.
Tensor affine_of(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  if (x.scalar_type() == torch::kFloat32)
    return torch::linear(x, weight, bias.numel() > 0 ? bias : Tensor());
  const auto product = torch::linear(x, weight);
  return bias.numel() > 0 ? product + bias : product.to(torch::kFloat32);
}

// A bias of no elements stands for none: autograd functions take no undefined tensor.
class GpuLinear : public torch::autograd::Function<GpuLinear> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& weight,
                        const Tensor& bias, const Tensor& multiplied,
                        const ProductContext& product) {
    const auto x = factor(input, product);
    context->save_for_backward({x, multiplied, weight, bias});
    kernels::save_context(context, product);
    return affine_of(x, multiplied, bias);
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &x = saved[0], &multiplied = saved[1], &weight = saved[2], &bias = saved[3];
    const auto product = kernels::saved_context(context);
    const auto dy = factor(gradients[0], product);
    tensor_list result(5);
    if (context->needs_input_grad(0)) result[0] = dy.matmul(multiplied).to(torch::kFloat32);
    if (context->needs_input_grad(1)) {
      if (product.collector != nullptr) {
        product.collector->add(weight, rows_of(dy), rows_of(x), product.precision);
      } else {
        result[1] = rows_of(dy).t().mm(rows_of(x)).to(torch::kFloat32);
      }
    }
    if (bias.numel() > 0 && context->needs_input_grad(2)) {
      if (product.collector != nullptr) {
        product.collector->add_sum(bias, rows_of(gradients[0]));
      } else {
        result[2] = rows_of(gradients[0]).sum(0);
      }
    }
    return result;
  }
};

}  // namespace

Tensor gpu_linear(const Tensor& input, const Tensor& weight, const Tensor& bias,
                  const ProductContext& context) {
  const bool rounds = context.precision == Precision::kBfloat16;
  const int64_t rows = input.numel() / weight.size(1);
  const bool learns = torch::GradMode::is_enabled();
  const bool collects = learns && weight.requires_grad();
  auto product = context;
  product.collector = collects ? kernels::collector_of(weight, rows, context) : nullptr;
  if (!rounds && product.collector == nullptr) return torch::linear(input, weight, bias);
  const auto some_bias = bias.defined() ? bias : torch::empty({0}, weight.options());
  const auto multiplied = rounds ? kernels::bfloat16_weight(weight, context) : weight.detach();
  if (!learns) return affine_of(factor(input, context), multiplied, some_bias);
  return GpuLinear::apply(input, weight, some_bias, multiplied, product);
}

}  // namespace weft::ops

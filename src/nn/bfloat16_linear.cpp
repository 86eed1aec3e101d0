#include "nn/bfloat16_linear.h"

#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "kernels/frozen_weights.h"

namespace weft {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

Tensor rounded(const Tensor& x) { return x.to(torch::kBFloat16); }
Tensor rows_of(const Tensor& x) { return x.reshape({-1, x.size(-1)}); }

class Bfloat16Product : public torch::autograd::Function<Bfloat16Product> {
 public:
  /// `weight` is there for its gradient: `rounded_weight` is what is multiplied.
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& /*weight*/,
                        const Tensor& rounded_weight) {
    const auto x = rounded(input);
    context->save_for_backward({x, rounded_weight});
    return torch::linear(x, rounded_weight).to(torch::kFloat32);
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto dy = rounded(gradients[0]);
    tensor_list result(3);
    if (context->needs_input_grad(0))
      result[0] = torch::matmul(dy, saved[1]).to(torch::kFloat32);
    if (context->needs_input_grad(1))
      result[1] = rows_of(dy).t().mm(rows_of(saved[0])).to(torch::kFloat32);
    return result;
  }
};

}  // namespace

Tensor bfloat16_linear(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  const auto product = Bfloat16Product::apply(input, weight, kernels::bfloat16_weight(weight));
  return bias.defined() ? product + bias : product;
}

}  // namespace weft

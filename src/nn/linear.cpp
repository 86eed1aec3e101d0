#include "nn/linear.h"

#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include "nn/new_parameter.h"
#include "ops/affine.h"

namespace weft {

LinearImpl::LinearImpl(int64_t inputs, int64_t outputs, Bias with_bias)
    : weight(register_parameter("weight", new_parameter({outputs, inputs}))) {
  if (with_bias == Bias::kWith) bias = register_parameter("bias", new_parameter({outputs}));
}

void LinearImpl::initialize() {
  torch::nn::init::xavier_uniform_(weight);
  if (bias.defined()) torch::nn::init::zeros_(bias);
}

torch::Tensor LinearImpl::forward(const ComputeContext& compute, const torch::Tensor& input) {
  return ops::affine(compute, {input, weight, bias});
}

int64_t matrix_elements(const torch::nn::Module& module) {
  int64_t sum = 0;
  for (const auto& parameter : module.parameters())
    if (parameter.dim() == 2) sum += parameter.numel();
  return sum;
}

}  // namespace weft

#include "nn/linear.h"

#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include "kernels/frozen_weights.h"
#include "kernels/linear.h"
#include "nn/fast_path.h"
#include "nn/gpu_linear.h"

namespace weft {

LinearImpl::LinearImpl(int64_t inputs, int64_t outputs, Bias with_bias)
    : weight(register_parameter("weight", torch::empty({outputs, inputs}))) {
  if (with_bias == Bias::kWith) bias = register_parameter("bias", torch::empty({outputs}));
}

void LinearImpl::initialize() {
  torch::nn::init::xavier_uniform_(weight);
  if (bias.defined()) torch::nn::init::zeros_(bias);
}

torch::Tensor LinearImpl::forward(const torch::Tensor& input) {
  return affine(input, weight, bias);
}

torch::Tensor affine(const torch::Tensor& input, const torch::Tensor& weight,
                     const torch::Tensor& bias) {
  // Packing a weight costs as much as multiplying a few rows.
  constexpr int64_t kFewRows = 16;
  const bool pays = input.numel() >= kFewRows * input.size(-1) || kernels::weights_are_frozen();
  if (use_kernels(input) && pays) {
    return kernels::linear(input, weight, bias, current_precision());
  }
  if (use_gpu_kernels(input)) return gpu_linear(input, weight, bias, current_precision());
  return torch::linear(input, weight, bias);
}

}  // namespace weft

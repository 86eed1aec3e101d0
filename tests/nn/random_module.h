#pragma once
// Modules and tensors with fixed random numbers.

#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <vector>

namespace weft {

/// float64 numbers of variance 1, the same for the same seed.
inline torch::Tensor random_tensor(at::IntArrayRef shape, uint64_t seed) {
  torch::manual_seed(seed);
  return torch::randn(shape, torch::kFloat64);
}

/// Turns `module` to float64 and fills every parameter, biases too, with numbers of order 1/2.
inline void randomize(torch::nn::Module& module, uint64_t seed) {
  torch::NoGradGuard no_grad;
  module.to(torch::kFloat64);
  torch::manual_seed(seed);
  for (auto& parameter : module.parameters()) parameter.normal_(0, 0.5);
}

/// The largest difference between two tensors of one shape.
inline double distance(const torch::Tensor& a, const torch::Tensor& b) {
  TORCH_CHECK(a.sizes() == b.sizes(), a.sizes(), " and ", b.sizes());
  return (a - b).abs().max().item<double>();
}

/// bool [B, S]: the first lengths[b] of a row are true.
inline torch::Tensor mask_of(const std::vector<int64_t>& lengths, int64_t width) {
  return torch::arange(width).unsqueeze(0) < torch::tensor(lengths).unsqueeze(1);
}

}  // namespace weft

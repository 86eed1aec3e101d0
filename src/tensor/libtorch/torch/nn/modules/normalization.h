#pragma once
// By the name of LibTorch's header.

#include <torch/nn/pimpl.h>

namespace weft::tensors::nn {

struct LayerNormOptions {
  LayerNormOptions(const std::vector<int64_t>& sizes) : width(sizes.front()) {}
  int64_t width;
};

class LayerNormImpl : public Module {
 public:
  explicit LayerNormImpl(const LayerNormOptions& options)
      : weight(register_parameter("weight", empty({options.width}))),
        bias(register_parameter("bias", empty({options.width}))) {}
  static void reset_parameters() { fail("parameters are not drawn without LibTorch"); }
  Tensor forward(const Tensor& x) const {
    constexpr double kEpsilon = 1e-5;
    return layer_norm(x, weight.sizes(), weight, bias, kEpsilon);
  }

  Tensor weight, bias;
};
TORCH_MODULE(LayerNorm);

class GroupNormImpl;  // of convolutions, which need LibTorch
TORCH_MODULE(GroupNorm);

}  // namespace weft::tensors::nn

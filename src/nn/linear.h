#pragma once
// An affine map.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

namespace weft {

enum class Bias { kWith, kWithout };

/// y = W x + b, with W [O, I] and b [O].
class LinearImpl : public torch::nn::Module {
 public:
  LinearImpl(int64_t inputs, int64_t outputs, Bias bias = Bias::kWith);
  /// Uniform weights as in Glorot & Bengio 2010, b = 0.
  void initialize();
  /// [..., I] -> [..., O]
  torch::Tensor forward(const torch::Tensor& input);

  torch::Tensor weight;  ///< [O, I]
  torch::Tensor bias;    ///< [O]; undefined without
};
TORCH_MODULE(Linear);

/// W x + b over the last dimension: [..., I] -> [..., O]. `bias` may be undefined.
torch::Tensor affine(const torch::Tensor& input, const torch::Tensor& weight,
                     const torch::Tensor& bias);

}  // namespace weft

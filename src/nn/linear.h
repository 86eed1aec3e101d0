#pragma once
// An affine map.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

#include "ops/compute_context.h"

namespace weft {

enum class Bias { kWith, kWithout };

/// y = W x + b, with W [O, I] and b [O].
class LinearImpl : public torch::nn::Module {
 public:
  LinearImpl(int64_t inputs, int64_t outputs, Bias bias = Bias::kWith);
  /// Uniform weights as in Glorot & Bengio 2010, b = 0.
  void initialize();
  /// [..., I] -> [..., O]
  torch::Tensor forward(const ComputeContext& compute, const torch::Tensor& input);

  torch::Tensor weight;  ///< [O, I]
  torch::Tensor bias;    ///< [O]; undefined without
};
TORCH_MODULE(Linear);

/// The elements of all matrices of a module: its multiply-adds for a vector that each multiplies
/// once.
int64_t matrix_elements(const torch::nn::Module& module);

}  // namespace weft

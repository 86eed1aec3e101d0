#pragma once
// A gate between what the source and what the target say.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

#include "config/model_options.h"
#include "nn/linear.h"

namespace weft {

/// Widths of what a context gate reads, and its own.
struct ContextGateWidths {
  int64_t input = 0;       ///< width of y_{i-1}, with what is fed back
  int64_t state = 0;       ///< H
  int64_t annotation = 0;  ///< C
  int64_t gate = 0;        ///< width of z
};

/// What a context gate multiplies the two parts of a sum with [..., width of z]; undefined: 1.
struct ContextGateFactors {
  torch::Tensor target;  ///< factor of the last word's and the state's part
  torch::Tensor source;  ///< factor of the context's part
};

/// Context gate. Tu et al. 2017 (arXiv:1608.06043), section 3: of s_i = f(W y_{i-1} + U s_{i-1} +
/// C c_i),
///   z_i = σ(W_z y_{i-1} + U_z s_{i-1} + C_z c_i)
///   source: s_i = f(W y_{i-1} + U s_{i-1} + z_i ⊙ C c_i)
///   target: s_i = f(z_i ⊙ (W y_{i-1} + U s_{i-1}) + C c_i)
///   both:   s_i = f((1 - z_i) ⊙ (W y_{i-1} + U s_{i-1}) + z_i ⊙ C c_i)
/// Where f has several gates, z_i multiplies the sum of each.
class ContextGateImpl : public torch::nn::Module {
 public:
  ContextGateImpl(ContextGateType type, const ContextGateWidths& widths);
  void initialize();
  /// W_z y, for all steps at once: [..., I] -> [..., Z].
  torch::Tensor project(const ComputeContext& compute, const torch::Tensor& input) {
    return input_(compute, input);
  }
  /// projected [..., Z] from project(), state [..., H], context [..., C].
  ContextGateFactors forward(const ComputeContext& compute, const torch::Tensor& projected,
                             const torch::Tensor& state, const torch::Tensor& context);

 private:
  ContextGateType type_;
  Linear input_, state_, context_;  // W_z, U_z, C_z
};
TORCH_MODULE(ContextGate);

}  // namespace weft

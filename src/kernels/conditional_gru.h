#pragma once
// All steps of the conditional GRU under teacher forcing in one autograd function.

#include <torch/types.h>

#include "kernels/product_context.h"

namespace weft::kernels {

/// B sentences, T target and S source positions; H hidden units, A attention units, C annotation
/// width; float32 on the CPU.
struct ConditionalGruInputs {
  torch::Tensor input_gates;  ///< W y_{i-1} + b of the first cell [B, T, 3H], for all steps at once
  torch::Tensor initial;      ///< s_0 [B, H]
  torch::Tensor weight_hh;    ///< for the first cell [3H, H]
  torch::Tensor bias_hh;      ///< [3H]
  torch::Tensor query_weight;       ///< W_q [A, H]
  torch::Tensor keys;               ///< U h_j + b [B, S, A]
  torch::Tensor energy;             ///< v [A]
  torch::Tensor annotations;        ///< h [B, S, C]
  torch::Tensor mask;               ///< bool [B, S], true at tokens
  torch::Tensor context_weight_ih;  ///< for the second cell [3H, C]
  torch::Tensor context_bias_ih;    ///< [3H]
  torch::Tensor context_weight_hh;  ///< [3H, H]
  torch::Tensor context_bias_hh;    ///< [3H]
};

struct ConditionalGruOutputs {
  torch::Tensor states;    ///< s [B, T, H]
  torch::Tensor contexts;  ///< c [B, T, C]
  torch::Tensor weights;   ///< α [B, T, S]; each row sums to 1 and is exactly 0 at padding
};

/// Conditional GRU with attention. Sennrich et al. 2017 (arXiv:1703.04357), section 4.2:
///   s'_i = GRU_1(y_{i-1}; s_{i-1}),   e_ij = v^T tanh(W_q s'_i + U h_j + b),   α_i = softmax(e_i),
///   c_i = Σ_j α_ij h_j,   s_i = GRU_2(c_i; s'_i)
/// Both cells are those of cell_sequence.h. Differentiable in all floating-point inputs through all
/// three outputs. The result does not depend on the number of threads. Throws c10::Error on a wrong
/// shape.
ConditionalGruOutputs conditional_gru_sequence(const ConditionalGruInputs& inputs,
                                               const ProductContext& context);

}  // namespace weft::kernels

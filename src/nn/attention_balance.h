#pragma once
// Attention that looks at everything once.

#include <torch/types.h>

namespace weft {

/// Doubly stochastic attention (Xu et al. 2015, arXiv:1502.03044, equation 14), summed over
/// sentences:
///   Σ_j (1 - Σ_i α_ij)²
/// weights α [B, T, S], masks bool [B, T] and [B, S].
torch::Tensor attention_balance_loss(const torch::Tensor& weights, const torch::Tensor& target_mask,
                                     const torch::Tensor& source_mask);

}  // namespace weft

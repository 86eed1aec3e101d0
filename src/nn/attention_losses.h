#pragma once
// Losses that say what attention should look like, whatever the sentence. Attention weights α
// [B, T, S] are 0 at padding of the source; masks bool [B, T] are true at target tokens. Sums over
// the target tokens of a batch.

#include <torch/types.h>

namespace weft {

/// Attention that does not look again at what it has looked at (See, Liu and Manning 2017,
/// arXiv:1704.04368, equation 12; they add it to the loss with weight 1):
///   Σ_i Σ_j min(α_ij, c_ij),  c_ij = Σ_{k<i} α_kj
torch::Tensor coverage_loss(const torch::Tensor& weights, const torch::Tensor& target_mask);

/// Attention that makes up its mind: the entropy of its rows, in nats (Ghader and Monz 2017,
/// I17-1004, equation 6, measure it),
///   - Σ_i Σ_j α_ij log α_ij
torch::Tensor attention_entropy_loss(const torch::Tensor& weights,
                                     const torch::Tensor& target_mask);

}  // namespace weft

#pragma once
// 1.5-entmax: between softmax and sparsemax.

#include <torch/types.h>

namespace weft {

/// Peters, Niculae, Martins 2019 (arXiv:1905.05702), algorithm 2, exact by sorting. With z = e / 2
/// sorted from the largest, and M_k, V_k the mean and the sum of squares about it of the k largest:
///   p_j = max(z_j - τ, 0)²,   τ = τ_k = M_k - sqrt((1 - V_k) / k),   k = max{i : τ_i <= z_(i)}
/// Over the last dimension of energies [..., S]; -inf is a place that may not be looked at, and
/// each row has one that may. Its gradient (section 3.2), with s_j = sqrt(p_j):
///   ∂L/∂e_j = s_j (∂L/∂p_j - Σ_i s_i ∂L/∂p_i / Σ_i s_i)
torch::Tensor entmax15(const torch::Tensor& energies);

}  // namespace weft

#pragma once
// Sparsemax: softmax's sparse sibling.

#include <torch/types.h>

namespace weft {

/// The point of the probability simplex next to the energies. Martins & Astudillo 2016
/// (arXiv:1602.02068), algorithm 1, with e sorted from the largest, e_(1) >= e_(2) >= ...:
///   p_j = max(e_j - τ, 0),   τ = (Σ_{i<=k} e_(i) - 1) / k,   k = max{i : 1 + i e_(i) > Σ_{m<=i}
///   e_(m)}
/// Over the last dimension of energies [..., S]; -inf is a place that may not be looked at, and
/// each row has one that may. Its gradient (equation 14), with S the support {j : p_j > 0}:
///   ∂L/∂e_j = ∂L/∂p_j - mean_{i in S} ∂L/∂p_i   for j in S,   0 elsewhere
torch::Tensor sparsemax(const torch::Tensor& energies);

}  // namespace weft

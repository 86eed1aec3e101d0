#pragma once
// Dropout that keeps one mask for all time steps of a sentence.

#include <torch/types.h>

namespace weft {

/// Variational dropout (Gal & Ghahramani 2016, arXiv:1512.05287): units of x [B, T, D] are dropped
/// with probability p, the same ones at every step of a sentence; the rest are scaled by 1/(1-p).
/// Returns x itself when not training or p = 0.
torch::Tensor variational_dropout(const torch::Tensor& x, double p, bool training);

/// Word dropout (same paper, section 4.2): whole rows of x [B, T, D] become zero with probability
/// p; the rest are scaled by 1/(1-p).
torch::Tensor word_dropout(const torch::Tensor& x, double p, bool training);

}  // namespace weft

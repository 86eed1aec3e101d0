#pragma once
// Dropout of units, with one mask for all time steps of a sentence or with one for each, and of
// whole words.

#include <torch/types.h>

#include "config/model_options.h"

namespace weft {

/// Variational dropout (Gal & Ghahramani 2016, arXiv:1512.05287): units of x [B, T, D] are dropped
/// with probability p, the same ones at every step of a sentence; the rest are scaled by 1/(1-p).
/// Returns x itself when not training or p = 0.
torch::Tensor variational_dropout(const torch::Tensor& x, double p, bool training);

/// Plain dropout (Srivastava et al. 2014): every number of x [...] is dropped by itself with
/// probability p; the rest are scaled by 1/(1-p).
torch::Tensor plain_dropout(const torch::Tensor& x, double p, bool training);

/// The one of the two that `kind` names; x [B, T, D].
torch::Tensor unit_dropout(const torch::Tensor& x, double p, DropoutKind kind, bool training);

/// Word dropout (Gal & Ghahramani 2016, section 4.2): whole rows of x [B, T, D] become zero with
/// probability p; the rest are scaled by 1/(1-p).
torch::Tensor word_dropout(const torch::Tensor& x, double p, bool training);

}  // namespace weft

#pragma once
// The output layer with the training criterion.

#include "kernels/smoothed_cross_entropy.h"
#include "ops/backend.h"

namespace weft {

/// Sums over the target tokens of a batch, in nats: the loss, differentiable; what is reported; and
/// log p_n(y_n) [N], 0 where a row counts nothing.
using CrossEntropy = kernels::CrossEntropySums;

namespace ops {

struct OutputTokens : kernels::OutputLayer {
  double smoothing = 0;  ///< ε
};

/// Label-smoothed cross entropy (Szegedy et al. 2016, arXiv:1512.00567, section 7) of logits W x +
/// b:
///   loss = Σ_n w_n ((1 - ε) (-log p_n(y_n)) + ε mean_v(-log p_n(v)))
/// A row whose target is negative counts nothing. What is reported is without w and ε.
extern const Op<CrossEntropy, OutputTokens> cross_entropy;

}  // namespace ops
}  // namespace weft

#pragma once
// The training criterion.

#include <torch/types.h>

namespace weft {

/// Sums over the target tokens of a batch, in nats.
struct CrossEntropy {
  torch::Tensor loss;  ///< scalar, differentiable: what is minimised
  torch::Tensor
      negative_log_likelihood;  ///< scalar, without smoothing or gradient: what is reported
  torch::Tensor log_probs;      ///< log p_n(y_n) [N], in nats; 0 where a row counts nothing
};

/// Label-smoothed cross entropy (Szegedy et al. 2016, arXiv:1512.00567, section 7) of logits W x +
/// b:
///   loss = Σ_n w_n ((1 - ε) (-log p_n(y_n)) + ε mean_v(-log p_n(v)))
/// x [N, R], weight [V, R], bias [V], targets int64 [N]; a row whose target is negative counts
/// nothing. `row_weights` w [N] float; undefined: all 1. What is reported is without them.
CrossEntropy smoothed_cross_entropy(const torch::Tensor& x, const torch::Tensor& weight,
                                    const torch::Tensor& bias, const torch::Tensor& targets,
                                    double smoothing, const torch::Tensor& row_weights = {});

}  // namespace weft

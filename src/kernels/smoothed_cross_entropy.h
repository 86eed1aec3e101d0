#pragma once
// Output layer and training criterion in one, so that the logits [N, V] never exist as a whole:
// what ops/cross_entropy.h has for the processor.

#include <torch/types.h>

#include "kernels/product_context.h"

namespace weft::kernels {

/// N tokens; float32 on the CPU.
struct OutputLayer {
  torch::Tensor readout;       ///< x [N, R]
  torch::Tensor weight;        ///< W [V, R]
  torch::Tensor bias;          ///< b [V]
  torch::Tensor targets;       ///< y, int64 [N]; a token whose target is negative counts nothing
  torch::Tensor weights = {};  ///< w [N], what the loss of each is multiplied by; undefined: 1
};

/// Sums over the tokens, in nats; scalars but for the last.
struct CrossEntropySums {
  torch::Tensor loss;                     ///< differentiable in x, W and b
  torch::Tensor negative_log_likelihood;  ///< without smoothing and without gradient, to report
  torch::Tensor log_probs;  ///< log p_n(y_n) [N], in nats; 0 where a token counts nothing
};

/// Label-smoothed cross entropy (Szegedy et al. 2016, arXiv:1512.00567, section 7) of l = W x + b:
///   loss = Σ_n w_n ((1 - ε) (-log p_n(y_n)) + ε mean_v(-log p_n(v))),   p = softmax(l)
/// Where a gradient is wanted it is formed in the forward pass, a block of tokens at a time.
/// The result does not depend on the number of threads. Throws c10::Error on a wrong shape and on a
/// target of V or more.
CrossEntropySums smoothed_cross_entropy(const OutputLayer& layer, double smoothing,
                                        const ProductContext& context);

}  // namespace weft::kernels

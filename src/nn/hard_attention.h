#pragma once
// Hard attention: one annotation is the context. Drawing it, and learning from what was drawn.

#include <torch/types.h>

#include <vector>

#include "config/model_options.h"

namespace weft {

/// What was drawn in one step for N queries, or in all steps [N, T]; undefined with soft attention
/// and outside training.
struct AttentionSample {
  torch::Tensor log_probability;  ///< log α_ã of the position ã drawn; 0 where none was
  torch::Tensor entropy;          ///< H[α], in nats
};

/// T steps [N] as [N, T]; undefined if they are.
AttentionSample stack_samples(const std::vector<AttentionSample>& steps);

/// Zeros like [N, S], with a 1 at position [N, 1] of each row.
torch::Tensor one_at(const torch::Tensor& position, const torch::Tensor& like);

struct HardChoice {
  torch::Tensor weights;  ///< [N, S] of the annotations' mean: one 1, or α where it is expected
  AttentionSample sample;
};

/// Xu et al. 2015 (arXiv:1502.03044), section 4.1. In training a position ã is drawn with
/// probability α_ã, but where `expected` (bool [N]) is true, α stays as it is, as in the end of
/// that section. Otherwise ã = argmax α. α [N, S], each row a distribution.
HardChoice draw_position(const torch::Tensor& weights, const torch::Tensor& expected);
HardChoice best_position(const torch::Tensor& weights);

/// What the positions drawn for a batch led to.
struct HardAttentionReturn {
  torch::Tensor log_likelihood;  ///< log p(y_i | y_<i, ã_<=i, x) [N, T], 0 at padding
  torch::Tensor mask;            ///< bool [N, T], true at target words
  double baseline = 0;           ///< b, the expected log-likelihood of a word
};

/// The part of the criterion whose gradient is that of the weights of what was drawn, equation 12
/// there, to be minimised; the rest is -log p(y | ã) itself:
///   - Σ_i λ_r (R_i - b_i) log α_i,ã + λ_e H[α_i],   R_i = Σ_k>=i log p(y_k),   b_i = Σ_k>=i b
/// R_i and b_i count as constants. There R is of the whole sentence; words before i do not depend
/// on ã_i and would only add variance.
torch::Tensor hard_attention_loss(const AttentionSample& sample, const HardAttentionReturn& result,
                                  const HardAttentionOptions& options);

}  // namespace weft

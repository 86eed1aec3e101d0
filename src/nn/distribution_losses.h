#pragma once
// Losses that compare two distributions over the target vocabulary. Logits [B, T, V], masks bool
// [B, T]; sums over the target tokens, in nats.

#include <torch/types.h>

namespace weft {

/// Word-level distillation (Kim and Rush 2016, arXiv:1606.07947, section 3.1), softened as Hinton,
/// Vinyals and Dean 2015 (arXiv:1503.02531) do, whose factor τ² keeps gradients of one size:
///   - τ² Σ_i Σ_v q_i(v) log p_i(v),  q = softmax(teacher / τ), p = softmax(logits / τ)
/// No gradient goes to the teacher.
torch::Tensor distillation_loss(const torch::Tensor& logits, const torch::Tensor& teacher,
                                const torch::Tensor& target_mask, double temperature);

/// R-Drop (Liang et al. 2021, arXiv:2106.14448, equation 2): the same rows, read twice with dropout
/// of their own, are to be alike. Of logits [2B, T, V], row b is compared with row B + b:
///   Σ_i ½ (KL(p_1i ‖ p_2i) + KL(p_2i ‖ p_1i))
/// The mask is of all 2B rows.
torch::Tensor r_drop_loss(const torch::Tensor& logits, const torch::Tensor& target_mask);

/// Minimum risk training (Shen et al. 2016, arXiv:1512.02433, equations 11 and 12): for each
/// sentence the expected cost of its candidates,
///   R = Σ_k Q_k Δ_k,   Q = softmax(α log p(y_k | x)).
/// log_probs [B, K], -inf where a sentence has fewer candidates; costs [B, K]; α > 0 -> [B]
torch::Tensor expected_costs(const torch::Tensor& log_probs, const torch::Tensor& costs,
                             double sharpness);

}  // namespace weft

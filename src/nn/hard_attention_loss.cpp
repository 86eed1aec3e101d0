// What of hard attention is there for training alone.

#include <torch/types.h>

#include "nn/hard_attention.h"

namespace weft {
namespace {

/// Σ_k>=i x_k of x [N, T].
torch::Tensor from_here_on(const torch::Tensor& x) { return x.flip(1).cumsum(1).flip(1); }

/// -Σ_j α_j log α_j of weights that may be exactly 0 [N, S] -> [N].
torch::Tensor entropy(const torch::Tensor& weights) {
  constexpr double kSmallest = 1e-30;
  return -(weights * weights.clamp_min(kSmallest).log()).sum(1);
}

}  // namespace

HardChoice draw_position(const torch::Tensor& weights, const torch::Tensor& expected) {
  // Nothing can be drawn by weights that are not finite; any position tells, by its log α.
  const auto finite = weights.detach().isfinite().all(1, /*keepdim=*/true);
  const auto drawable = weights.detach().masked_fill(finite.logical_not(), 1);
  const auto position = torch::multinomial(drawable, 1);  // [N, 1]
  const auto log_probability = weights.gather(1, position).log().squeeze(1);
  return {torch::where(expected.unsqueeze(1), weights, one_at(position, weights)),
          {log_probability.masked_fill(expected, 0), entropy(weights)}};
}

torch::Tensor hard_attention_loss(const AttentionSample& sample, const HardAttentionReturn& result,
                                  const HardAttentionOptions& options) {
  const auto words = result.mask.to(result.log_likelihood.dtype());  // [N, T]
  const auto reward =
      from_here_on((result.log_likelihood.detach() - result.baseline) * words);  // R - b
  const auto of_word = options.reward_weight * reward * sample.log_probability +
                       options.entropy_weight * sample.entropy;
  return -(of_word * words).sum();
}

}  // namespace weft

#include "nn/hard_attention.h"

#include <torch/types.h>

namespace weft {
namespace {

/// [N, S] with a 1 at position [N, 1] of each row.
torch::Tensor one_at(const torch::Tensor& position, const torch::Tensor& like) {
  return torch::zeros_like(like.detach()).scatter_(1, position, 1);
}

/// Σ_k>=i x_k of x [N, T].
torch::Tensor from_here_on(const torch::Tensor& x) { return x.flip(1).cumsum(1).flip(1); }

/// -Σ_j α_j log α_j of weights that may be exactly 0 [N, S] -> [N].
torch::Tensor entropy(const torch::Tensor& weights) {
  constexpr double kSmallest = 1e-30;
  return -(weights * weights.clamp_min(kSmallest).log()).sum(1);
}

}  // namespace

AttentionSample stack_samples(const std::vector<AttentionSample>& steps) {
  if (!steps.front().log_probability.defined()) return {};
  std::vector<torch::Tensor> log_probabilities, entropies;
  for (const auto& step : steps) {
    log_probabilities.push_back(step.log_probability);
    entropies.push_back(step.entropy);
  }
  return {torch::stack(log_probabilities, 1), torch::stack(entropies, 1)};
}

HardChoice draw_position(const torch::Tensor& weights, const torch::Tensor& expected) {
  // Nothing can be drawn by weights that are not finite; any position tells, by its log α.
  const auto finite = weights.detach().isfinite().all(1, /*keepdim=*/true);
  const auto drawable = weights.detach().masked_fill(finite.logical_not(), 1);
  const auto position = torch::multinomial(drawable, 1);  // [N, 1]
  const auto log_probability = weights.gather(1, position).log().squeeze(1);
  return {torch::where(expected.unsqueeze(1), weights, one_at(position, weights)),
          {log_probability.masked_fill(expected, 0), entropy(weights)}};
}

HardChoice best_position(const torch::Tensor& weights) {
  return {one_at(weights.argmax(1, /*keepdim=*/true), weights), {}};
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

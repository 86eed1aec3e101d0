#include "nn/cross_entropy.h"

#include <torch/types.h>

#include "kernels/smoothed_cross_entropy.h"
#include "nn/fast_path.h"
#include "nn/linear.h"

namespace weft {

CrossEntropy smoothed_cross_entropy(const torch::Tensor& x, const torch::Tensor& weight,
                                    const torch::Tensor& bias, const torch::Tensor& targets,
                                    double smoothing, const torch::Tensor& row_weights) {
  if (use_kernels(x)) {
    const auto sums = kernels::smoothed_cross_entropy({x, weight, bias, targets, row_weights},
                                                      smoothing, current_precision());
    return {sums.loss, sums.negative_log_likelihood, sums.log_probs};
  }
  const auto log_probs = torch::log_softmax(affine(x, weight, bias), 1);  // [N, V]
  const auto counts = targets.ge(0).to(log_probs.dtype());                // [N]
  const auto of_target = log_probs.gather(1, targets.clamp_min(0).unsqueeze(1)).squeeze(1) * counts;
  const auto mean = log_probs.mean(1) * counts;
  auto losses = -((1 - smoothing) * of_target + smoothing * mean);
  if (row_weights.defined()) losses = losses * row_weights;
  return {losses.sum(), -of_target.detach().sum(), of_target.detach()};
}

}  // namespace weft

#include "ops/cross_entropy.h"

#include <torch/types.h>

#include "ops/affine.h"

namespace weft::ops {
namespace {

bool counts_on_cpu(const ComputeContext& compute, const OutputTokens& tokens) {
  return is_for_cpu(compute, tokens.readout);
}

CrossEntropy cpu_cross_entropy(const ComputeContext& compute, const OutputTokens& tokens) {
  return kernels::smoothed_cross_entropy(tokens, tokens.smoothing, compute);
}

CrossEntropy plain_cross_entropy(const ComputeContext& compute, const OutputTokens& in) {
  const auto log_probs =
      torch::log_softmax(affine(compute, {in.readout, in.weight, in.bias}), 1);  // [N, V]
  const auto counts = in.targets.ge(0).to(log_probs.dtype());                    // [N]
  const auto of_target =
      log_probs.gather(1, in.targets.clamp_min(0).unsqueeze(1)).squeeze(1) * counts;
  const auto mean = log_probs.mean(1) * counts;
  auto losses = -((1 - in.smoothing) * of_target + in.smoothing * mean);
  if (in.weights.defined()) losses = losses * in.weights;
  return {losses.sum(), -of_target.detach().sum(), of_target.detach()};
}

constexpr Backend<CrossEntropy, OutputTokens> kCrossEntropy[] = {
    {"cpu", counts_on_cpu, cpu_cross_entropy},
    {"plain", always, plain_cross_entropy},
};

}  // namespace

constinit const Op<CrossEntropy, OutputTokens> cross_entropy{kCrossEntropy};

}  // namespace weft::ops

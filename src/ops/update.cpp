#include "ops/update.h"

#include <ATen/ops/_fused_adam.h>
#include <torch/types.h>

#include <cmath>

namespace weft::ops {
namespace {

using Tensors = std::vector<torch::Tensor>;

bool updates_on_cpu(const ComputeContext& compute, const AdamUpdate& update) {
  return !update.tensors.empty() && is_for_cpu(compute, update.tensors.front().parameter);
}

void cpu_adam_update(const ComputeContext& /*compute*/, const AdamUpdate& update) {
  kernels::adam_step(update.tensors, update.coefficients);
}

void plain_adam_update(const ComputeContext& /*compute*/, const AdamUpdate& update) {
  const auto& c = update.coefficients;
  for (auto [parameter, gradient, mean, variance, average] : update.tensors) {
    const auto scaled = gradient * c.gradient_scale;
    mean.mul_(c.beta1).add_(scaled, 1 - c.beta1);
    variance.mul_(c.beta2).addcmul_(scaled, scaled, 1 - c.beta2);
    const auto denominator = variance.sqrt().mul_(c.variance_scale).add_(c.epsilon);
    parameter.addcdiv_(mean, denominator, -c.step_size);
    if (average.defined()) average.lerp_(parameter, 1 - c.average_decay);
  }
}

bool sums_on_cpu(const ComputeContext& compute, const Tensors& gradients) {
  return is_for_cpu(compute, gradients.front());
}

double cpu_gradient_norm(const ComputeContext& /*compute*/, const Tensors& gradients) {
  return kernels::gradient_norm(gradients);
}

double plain_gradient_norm(const ComputeContext& /*compute*/, const Tensors& gradients) {
  Tensors squares;
  for (const auto& gradient : gradients) squares.push_back(gradient.pow(2).sum());
  return std::sqrt(torch::stack(squares).sum().item<double>());
}

bool updates_on_gpu(const ComputeContext& compute, const UnseenAdamUpdate& update) {
  return !update.parameters.empty() && is_for_gpu(compute, update.parameters.front());
}

void gpu_adam_update_unseen(const ComputeContext& /*compute*/, const UnseenAdamUpdate& u) {
  constexpr double kNoDecay = 0;
  constexpr bool kAmsgrad = false, kMaximize = false;
  const Tensors updates_of_each(u.parameters.size(), u.updates);
  at::_fused_adam_(u.parameters, u.gradients, u.means, u.variances,
                   /*max_exp_avg_sqs=*/at::TensorList(), updates_of_each, u.rate, u.beta1, u.beta2,
                   kNoDecay, u.epsilon, kAmsgrad, kMaximize, u.gradient_divisor,
                   /*found_inf=*/1 - u.is_finite);
}

void plain_adam_update_unseen(const ComputeContext& /*compute*/, const UnseenAdamUpdate& u) {
  const auto moves = u.is_finite > 0;
  const auto move = [&](const torch::Tensor& old, const torch::Tensor& next) {
    old.copy_(torch::where(moves, next, old));
  };
  const auto step_size = u.rate / (1 - torch::pow(u.beta1, u.updates));
  const auto variance_scale = (1 - torch::pow(u.beta2, u.updates)).rsqrt();
  for (std::size_t i = 0; i < u.parameters.size(); ++i) {
    const auto scaled = u.gradients[i] / u.gradient_divisor;
    const auto mean = u.means[i] * u.beta1 + scaled * (1 - u.beta1);
    const auto variance = u.variances[i] * u.beta2 + scaled.square() * (1 - u.beta2);
    const auto denominator = variance.sqrt() * variance_scale + u.epsilon;
    move(u.means[i], mean);
    move(u.variances[i], variance);
    move(u.parameters[i], u.parameters[i] - mean / denominator * step_size);
  }
}

constexpr Backend<void, AdamUpdate> kAdamUpdate[] = {
    {"cpu", updates_on_cpu, cpu_adam_update},
    {"plain", always, plain_adam_update},
};

constexpr Backend<double, Tensors> kGradientNorm[] = {
    {"cpu", sums_on_cpu, cpu_gradient_norm},
    {"plain", always, plain_gradient_norm},
};

constexpr Backend<void, UnseenAdamUpdate> kAdamUpdateUnseen[] = {
    {"gpu", updates_on_gpu, gpu_adam_update_unseen},
    {"plain", always, plain_adam_update_unseen},
};

}  // namespace

constinit const Op<void, AdamUpdate> adam_update{kAdamUpdate};
constinit const Op<double, std::vector<torch::Tensor>> gradient_norm{kGradientNorm};
constinit const Op<void, UnseenAdamUpdate> adam_update_unseen{kAdamUpdateUnseen};

bool updates_unseen(const ComputeContext& compute, const torch::Tensor& parameter) {
  return is_for_gpu(compute, parameter);
}

}  // namespace weft::ops

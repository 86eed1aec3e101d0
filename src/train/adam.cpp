#include "train/adam.h"

#include <ATen/ops/_fused_adam.h>
#include <torch/types.h>

#include <cmath>

#include "kernels/adam_step.h"
#include "nn/fast_path.h"

namespace weft {
namespace {

void plain_adam_step(const std::vector<kernels::AdamTensors>& tensors,
                     const kernels::AdamCoefficients& c) {
  for (auto [parameter, gradient, mean, variance, average] : tensors) {
    const auto scaled = gradient * c.gradient_scale;
    mean.mul_(c.beta1).add_(scaled, 1 - c.beta1);
    variance.mul_(c.beta2).addcmul_(scaled, scaled, 1 - c.beta2);
    const auto denominator = variance.sqrt().mul_(c.variance_scale).add_(c.epsilon);
    parameter.addcdiv_(mean, denominator, -c.step_size);
    if (average.defined()) average.lerp_(parameter, 1 - c.average_decay);
  }
}

}  // namespace

Adam::Adam(const NamedTensors& parameters, const NamedTensors& averages,
           const OptimizerOptions& options)
    : Optimizer(parameters, averages, options) {
  add_state("m");
  add_state("v");
}

void Adam::move(const std::vector<Slot*>& slots, const Move& move) {
  const auto t = static_cast<double>(updates());
  const kernels::AdamCoefficients coefficients{
      .gradient_scale = move.gradient_scale,
      .beta1 = options().beta1,
      .beta2 = options().beta2,
      .step_size = move.rate / (1 - std::pow(options().beta1, t)),
      .variance_scale = 1 / std::sqrt(1 - std::pow(options().beta2, t)),
      .epsilon = options().epsilon,
      .average_decay = move.average_decay};
  std::vector<kernels::AdamTensors> tensors;
  for (const Slot* slot : slots) {
    if (options().type == OptimizerType::kAdamW)
      slot->parameter.mul_(1 - move.rate * options().weight_decay);
    tensors.push_back({slot->parameter, slot->parameter.grad(), slot->state.at("m"),
                       slot->state.at("v"), slot->average});
  }
  if (!tensors.empty() && use_kernels(tensors.front().parameter)) {
    kernels::adam_step(tensors, coefficients);
  } else {
    plain_adam_step(tensors, coefficients);
  }
}

void Adam::set_updates(int64_t updates) {
  Optimizer::set_updates(updates);
  unseen_updates_.reset();
}

bool Adam::steps_unseen() const {
  return !slots().empty() && use_gpu_kernels(slots().front().parameter);
}

void Adam::move_unseen(const std::vector<Slot*>& slots, const UnseenMove& move) {
  if (!unseen_updates_.defined())
    unseen_updates_ = torch::full_like(move.is_finite, static_cast<double>(updates()));
  unseen_updates_ += move.is_finite;
  std::vector<torch::Tensor> parameters, gradients, means, variances;
  for (const Slot* slot : slots) {
    parameters.push_back(slot->parameter);
    gradients.push_back(slot->parameter.grad());
    means.push_back(slot->state.at("m"));
    variances.push_back(slot->state.at("v"));
  }
  if (options().type == OptimizerType::kAdamW) {
    const auto kept = 1 - move.is_finite * (move.rate * options().weight_decay);
    for (auto& parameter : parameters) parameter.mul_(kept);
  }
  constexpr double kNoDecay = 0;
  constexpr bool kAmsgrad = false, kMaximize = false;
  const std::vector<torch::Tensor> updates_of_each(parameters.size(), unseen_updates_);
  at::_fused_adam_(parameters, gradients, means, variances, /*max_exp_avg_sqs=*/at::TensorList(),
                   updates_of_each, move.rate, options().beta1, options().beta2, kNoDecay,
                   options().epsilon, kAmsgrad, kMaximize, move.gradient_divisor,
                   /*found_inf=*/1 - move.is_finite);
}

}  // namespace weft

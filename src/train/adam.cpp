#include "train/adam.h"

#include <torch/torch.h>

#include <cmath>

#include "kernels/adam_step.h"
#include "nn/fast_path.h"

namespace weft {

Adam::Adam(const NamedTensors& parameters, const NamedTensors& averages,
           const OptimizerOptions& options)
    : options_(options) {
  for (const auto& [name, parameter] : parameters) {
    const auto average = averages.find(name);
    slots_.push_back({name, parameter, torch::zeros_like(parameter), torch::zeros_like(parameter),
                      average == averages.end() ? torch::Tensor() : average->second});
  }
}

double Adam::gradient_norm() const {
  std::vector<torch::Tensor> gradients;
  for (const auto& slot : slots_) {
    if (slot.parameter.grad().defined()) gradients.push_back(slot.parameter.grad());
  }
  if (gradients.empty()) return 0;
  if (use_kernels(gradients.front())) return kernels::gradient_norm(gradients);
  for (auto& gradient : gradients) gradient = gradient.pow(2).sum();
  return std::sqrt(torch::stack(gradients).sum().item<double>());
}

void Adam::step(const AdamStep& step) {
  torch::NoGradGuard no_grad;
  ++updates_;
  const auto t = static_cast<double>(updates_);
  const bool clip = options_.clip_norm > 0 && step.gradient_norm > options_.clip_norm;
  const kernels::AdamCoefficients coefficients{
      .gradient_scale = clip ? options_.clip_norm / step.gradient_norm : 1,
      .beta1 = options_.beta1,
      .beta2 = options_.beta2,
      .step_size = step.rate / (1 - std::pow(options_.beta1, t)),
      .variance_scale = 1 / std::sqrt(1 - std::pow(options_.beta2, t)),
      .epsilon = options_.epsilon,
      .average_decay = step.average_decay};
  std::vector<kernels::AdamTensors> tensors;
  for (const auto& slot : slots_) {
    if (!slot.parameter.grad().defined()) continue;
    tensors.push_back(
        {slot.parameter, slot.parameter.grad(), slot.mean, slot.variance, slot.average});
  }
  if (!tensors.empty() && use_kernels(tensors.front().parameter)) {
    kernels::adam_step(tensors, coefficients);
  } else {
    plain_step(tensors, coefficients);
  }
  clear_gradients();
}

void Adam::plain_step(const std::vector<kernels::AdamTensors>& tensors,
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

void Adam::clear_gradients() {
  for (auto& slot : slots_) slot.parameter.mutable_grad().reset();
}

NamedTensors Adam::state() const {
  NamedTensors tensors;
  for (const auto& slot : slots_) {
    tensors["m." + slot.name] = slot.mean;
    tensors["v." + slot.name] = slot.variance;
  }
  return tensors;
}

}  // namespace weft

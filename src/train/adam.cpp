#include "train/adam.h"

#include <torch/torch.h>

#include <cmath>

namespace weft {

Adam::Adam(NamedTensors parameters, const OptimizerOptions& options) : options_(options) {
  for (auto& [name, parameter] : parameters) {
    slots_.push_back({name, parameter, torch::zeros_like(parameter), torch::zeros_like(parameter)});
  }
}

double Adam::gradient_norm() const {
  std::vector<torch::Tensor> squares;
  for (const auto& slot : slots_) {
    if (slot.parameter.grad().defined()) squares.push_back(slot.parameter.grad().pow(2).sum());
  }
  return std::sqrt(torch::stack(squares).sum().item<double>());
}

void Adam::step(double rate, double norm) {
  torch::NoGradGuard no_grad;
  ++updates_;
  const auto t = static_cast<double>(updates_);
  const double step_size = rate / (1 - std::pow(options_.beta1, t));
  const double variance_scale = 1 / std::sqrt(1 - std::pow(options_.beta2, t));
  const bool clip = options_.clip_norm > 0 && norm > options_.clip_norm;
  for (auto& slot : slots_) {
    if (!slot.parameter.grad().defined()) continue;
    auto gradient = slot.parameter.grad();
    if (clip) gradient.mul_(options_.clip_norm / norm);
    slot.mean.mul_(options_.beta1).add_(gradient, 1 - options_.beta1);
    slot.variance.mul_(options_.beta2).addcmul_(gradient, gradient, 1 - options_.beta2);
    const auto denominator = slot.variance.sqrt().mul_(variance_scale).add_(options_.epsilon);
    slot.parameter.addcdiv_(slot.mean, denominator, -step_size);
  }
  skip();
}

void Adam::skip() {
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

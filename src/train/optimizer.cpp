#include "train/optimizer.h"

#include <ATen/ops/_foreach_norm.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <stdexcept>

#include "ops/update.h"
#include "train/adafactor.h"
#include "train/adam.h"
#include "train/gradient_descent.h"

namespace weft {

Optimizer::Optimizer(const NamedTensors& parameters, const NamedTensors& averages,
                     const OptimizerOptions& options)
    : options_(options) {
  for (const auto& [name, parameter] : parameters) {
    const auto average = averages.find(name);
    slots_.push_back(
        {name, parameter, average == averages.end() ? torch::Tensor() : average->second, {}});
  }
}

void Optimizer::add_state(const std::string& kind) {
  for (auto& slot : slots_) slot.state[kind] = torch::zeros_like(slot.parameter).detach();
}

bool Optimizer::moves(const Slot& slot) {
  return slot.parameter.requires_grad() && slot.parameter.grad().defined();
}

double Optimizer::gradient_norm() const {
  std::vector<torch::Tensor> gradients;
  for (const auto& slot : slots_)
    if (moves(slot)) gradients.push_back(slot.parameter.grad());
  if (gradients.empty()) return 0;
  return ops::gradient_norm({}, gradients);
}

std::vector<Optimizer::Slot*> Optimizer::moving_slots() {
  std::vector<Slot*> moving;
  for (auto& slot : slots_) {
    if (moves(slot)) moving.push_back(&slot);
  }
  return moving;
}

void Optimizer::step(const OptimizerStep& step) {
  torch::NoGradGuard no_grad;
  ++updates_;
  const bool clip = options_.clip_norm > 0 && step.gradient_norm > options_.clip_norm;
  move(moving_slots(),
       {step.rate, clip ? options_.clip_norm / step.gradient_norm : 1, step.average_decay});
  for (auto& slot : slots_) {
    const bool has_moved = moves_averages() && moves(slot);
    const bool is_frozen = !slot.parameter.requires_grad();  // and its average is what it is
    if (slot.average.defined() && !has_moved && !is_frozen)
      slot.average.lerp_(slot.parameter, 1 - step.average_decay);
  }
  clear_gradients();
}

torch::Tensor Optimizer::step_unseen(double rate, double average_decay, const torch::Tensor& loss) {
  torch::NoGradGuard no_grad;
  const auto moving = moving_slots();
  if (moving.empty()) return torch::zeros({}, slots_.front().parameter.options());
  std::vector<torch::Tensor> gradients;
  for (const auto* slot : moving) gradients.push_back(slot->parameter.grad());
  const auto norm = torch::stack(at::_foreach_norm(gradients)).norm();
  const auto all_finite =
      loss.defined() ? norm.isfinite().logical_and(loss.isfinite()) : norm.isfinite();
  const auto is_finite = all_finite.to(torch::kFloat32);
  const auto divisor =
      options_.clip_norm > 0 ? (norm / options_.clip_norm).clamp_min(1) : torch::ones_like(norm);
  move_unseen(moving, {rate, is_finite, divisor});
  const auto part = is_finite * (1 - average_decay);
  for (auto& slot : slots_) {
    if (slot.average.defined() && slot.parameter.requires_grad())
      slot.average.lerp_(slot.parameter, part);
  }
  clear_gradients();
  return norm;
}

void Optimizer::move_unseen(const std::vector<Slot*>& /*slots*/, const UnseenMove& /*move*/) {
  throw std::logic_error("move_unseen: not of this optimizer");
}

void Optimizer::clear_gradients() {
  for (auto& slot : slots_) slot.parameter.mutable_grad().reset();
}

NamedTensors Optimizer::state() const {
  NamedTensors tensors;
  for (const auto& slot : slots_) {
    for (const auto& [kind, tensor] : slot.state) tensors[kind + "." + slot.name] = tensor;
  }
  return tensors;
}

std::unique_ptr<Optimizer> make_optimizer(const NamedTensors& parameters,
                                          const NamedTensors& averages,
                                          const OptimizerOptions& options) {
  switch (options.type) {
    case OptimizerType::kSgd:
      return std::make_unique<Sgd>(parameters, averages, options);
    case OptimizerType::kAdam:
    case OptimizerType::kAdamW:
      return std::make_unique<Adam>(parameters, averages, options);
    case OptimizerType::kAdagrad:
      return std::make_unique<Adagrad>(parameters, averages, options);
    case OptimizerType::kAdadelta:
      return std::make_unique<Adadelta>(parameters, averages, options);
    case OptimizerType::kRmsprop:
      return std::make_unique<Rmsprop>(parameters, averages, options);
    case OptimizerType::kAdafactor:
      return std::make_unique<Adafactor>(parameters, averages, options);
  }
  throw std::invalid_argument("make_optimizer: no such type");
}

}  // namespace weft

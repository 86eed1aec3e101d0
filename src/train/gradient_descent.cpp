#include "train/gradient_descent.h"

#include <torch/types.h>

namespace weft {

Sgd::Sgd(const NamedTensors& parameters, const NamedTensors& averages,
         const OptimizerOptions& options)
    : Optimizer(parameters, averages, options) {
  if (options.momentum > 0) add_state("momentum");
}

void Sgd::move(const std::vector<Slot*>& slots, const Move& move) {
  for (Slot* slot : slots) {
    auto direction = slot->parameter.grad() * move.gradient_scale;
    if (options().momentum > 0) {
      const auto& momentum = slot->state.at("momentum").mul_(options().momentum).add_(direction);
      direction = options().nesterov ? direction.add(momentum, options().momentum) : momentum;
    }
    slot->parameter.add_(direction, -move.rate);
  }
}

Adagrad::Adagrad(const NamedTensors& parameters, const NamedTensors& averages,
                 const OptimizerOptions& options)
    : Optimizer(parameters, averages, options) {
  add_state("sum");
}

void Adagrad::move(const std::vector<Slot*>& slots, const Move& move) {
  for (Slot* slot : slots) {
    const auto gradient = slot->parameter.grad() * move.gradient_scale;
    const auto& sum = slot->state.at("sum").addcmul_(gradient, gradient);
    slot->parameter.addcdiv_(gradient, sum.sqrt().add_(options().epsilon), -move.rate);
  }
}

Adadelta::Adadelta(const NamedTensors& parameters, const NamedTensors& averages,
                   const OptimizerOptions& options)
    : Optimizer(parameters, averages, options) {
  add_state("v");
  add_state("u");
}

void Adadelta::move(const std::vector<Slot*>& slots, const Move& move) {
  const double decay = options().beta2;
  for (Slot* slot : slots) {
    const auto gradient = slot->parameter.grad() * move.gradient_scale;
    const auto& v = slot->state.at("v").mul_(decay).addcmul_(gradient, gradient, 1 - decay);
    auto& u = slot->state.at("u");
    const auto step =
        (u + options().epsilon).sqrt_().div_((v + options().epsilon).sqrt_()).mul_(gradient);
    u.mul_(decay).addcmul_(step, step, 1 - decay);
    slot->parameter.add_(step, -move.rate);
  }
}

Rmsprop::Rmsprop(const NamedTensors& parameters, const NamedTensors& averages,
                 const OptimizerOptions& options)
    : Optimizer(parameters, averages, options) {
  add_state("v");
  if (options.momentum > 0) add_state("momentum");
}

void Rmsprop::move(const std::vector<Slot*>& slots, const Move& move) {
  const double decay = options().beta2;
  for (Slot* slot : slots) {
    const auto gradient = slot->parameter.grad() * move.gradient_scale;
    const auto& v = slot->state.at("v").mul_(decay).addcmul_(gradient, gradient, 1 - decay);
    auto direction = gradient / v.sqrt().add_(options().epsilon);
    if (options().momentum > 0)
      direction = slot->state.at("momentum").mul_(options().momentum).add_(direction);
    slot->parameter.add_(direction, -move.rate);
  }
}

}  // namespace weft

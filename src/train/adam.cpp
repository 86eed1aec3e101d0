#include "train/adam.h"

#include <torch/types.h>

#include <cmath>

#include "ops/update.h"

namespace weft {
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
  ops::adam_update({}, {tensors, coefficients});
}

void Adam::set_updates(int64_t updates) {
  Optimizer::set_updates(updates);
  unseen_updates_.reset();
}

bool Adam::steps_unseen() const {
  return !slots().empty() && ops::updates_unseen({}, slots().front().parameter);
}

void Adam::move_unseen(const std::vector<Slot*>& slots, const UnseenMove& move) {
  if (!unseen_updates_.defined())
    unseen_updates_ = torch::full_like(move.is_finite, static_cast<double>(updates()));
  unseen_updates_ += move.is_finite;
  ops::UnseenAdamUpdate update{.updates = unseen_updates_,
                               .gradient_divisor = move.gradient_divisor,
                               .is_finite = move.is_finite,
                               .rate = move.rate,
                               .beta1 = options().beta1,
                               .beta2 = options().beta2,
                               .epsilon = options().epsilon};
  for (const Slot* slot : slots) {
    update.parameters.push_back(slot->parameter);
    update.gradients.push_back(slot->parameter.grad());
    update.means.push_back(slot->state.at("m"));
    update.variances.push_back(slot->state.at("v"));
  }
  if (options().type == OptimizerType::kAdamW) {
    const auto kept = 1 - move.is_finite * (move.rate * options().weight_decay);
    for (auto& parameter : update.parameters) parameter.mul_(kept);
  }
  ops::adam_update_unseen({}, update);
}

}  // namespace weft

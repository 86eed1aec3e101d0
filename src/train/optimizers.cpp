#include "train/optimizers.h"

#include <cmath>

namespace weft {

Optimizers::Optimizers(const NamedTensors& parameters, const NamedTensors& averages,
                       const OptimizerOptions& options) {
  NamedTensors translating, explaining;
  for (const auto& [name, parameter] : parameters)
    (name.starts_with("alignment_head.") ? explaining : translating)[name] = parameter;
  for (const auto* part : {&translating, &explaining})
    if (!part->empty()) parts_.push_back(make_optimizer(*part, averages, options));
}

void Optimizers::step(const OptimizerStep& step) {
  parts_.front()->step(step);
  for (std::size_t i = 1; i < parts_.size(); ++i) {
    auto& part = *parts_[i];
    const double norm = part.gradient_norm();
    if (std::isfinite(norm)) {
      part.step({step.rate, norm, step.average_decay});
    } else {
      part.clear_gradients();
      part.set_updates(parts_.front()->updates());
    }
  }
}

torch::Tensor Optimizers::step_unseen(double rate, double average_decay) {
  const auto norm = parts_.front()->step_unseen(rate, average_decay);
  for (std::size_t i = 1; i < parts_.size(); ++i) parts_[i]->step_unseen(rate, average_decay);
  return norm;
}

void Optimizers::clear_gradients() {
  for (auto& part : parts_) part->clear_gradients();
}

NamedTensors Optimizers::state() const {
  NamedTensors all;
  for (const auto& part : parts_) all.merge(part->state());
  return all;
}

void Optimizers::set_updates(int64_t updates) {
  for (auto& part : parts_) part->set_updates(updates);
}

}  // namespace weft

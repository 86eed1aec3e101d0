#include "train/optimizers.h"

#include <cmath>
#include <map>
#include <utility>

#include "train/parameter_patterns.h"

namespace weft {

Optimizers::Optimizers(const NamedTensors& parameters, const NamedTensors& averages,
                       const OptimizerOptions& options,
                       const std::vector<std::string>& rate_factors) {
  std::map<std::pair<bool, double>, NamedTensors> groups;  // by whether it explains, and its factor
  for (const auto& [name, parameter] : parameters) {
    const bool explains = name.starts_with("alignment_head.");
    groups[{explains, rate_factor_of(name, rate_factors)}][name] = parameter;
  }
  for (const auto& [kind, group] : groups)
    parts_.push_back({make_optimizer(group, averages, options), kind.second, !kind.first});
}

double Optimizers::gradient_norm() const {
  if (parts_.size() == 1) return parts_.front().optimizer->gradient_norm();
  double sum = 0;
  for (const auto& part : parts_) {
    if (!part.translates) continue;
    const double norm = part.optimizer->gradient_norm();
    sum += norm * norm;
  }
  return std::sqrt(sum);
}

void Optimizers::step(const OptimizerStep& step) {
  for (auto& [optimizer, factor, translates] : parts_) {
    const double rate = factor * step.rate;
    const double norm = translates ? step.gradient_norm : optimizer->gradient_norm();
    if (std::isfinite(norm)) {
      optimizer->step({rate, norm, step.average_decay});
    } else {
      optimizer->clear_gradients();
      optimizer->set_updates(parts_.front().optimizer->updates());
    }
  }
}

bool Optimizers::steps_unseen() const {
  // Several that translate share a norm, which none of them knows alone.
  const bool one_translates = parts_.size() == 1 || !parts_[1].translates;
  return one_translates && parts_.front().optimizer->steps_unseen();
}

torch::Tensor Optimizers::step_unseen(double rate, double average_decay,
                                      const torch::Tensor& loss) {
  torch::Tensor norm;  // of the first
  for (auto& part : parts_) {
    const auto& of_translation = part.translates ? loss : torch::Tensor();
    const auto own =
        part.optimizer->step_unseen(part.rate_factor * rate, average_decay, of_translation);
    if (!norm.defined()) norm = own;
  }
  return norm;
}

void Optimizers::clear_gradients() {
  for (auto& part : parts_) part.optimizer->clear_gradients();
}

NamedTensors Optimizers::state() const {
  NamedTensors all;
  for (const auto& part : parts_) all.merge(part.optimizer->state());
  return all;
}

void Optimizers::set_updates(int64_t updates) {
  for (auto& part : parts_) part.optimizer->set_updates(updates);
}

}  // namespace weft

#include "train/weight_average.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <utility>

namespace weft {

WeightAverage::WeightAverage(NamedTensors weights, double decay)
    : weights_(std::move(weights)), decay_(decay) {
  if (decay_ == 0) return;
  for (const auto& [name, weight] : weights_) averages_[name] = weight.detach().clone();
}

double WeightAverage::decay(int64_t update) const {
  const auto t = static_cast<double>(update);
  return std::min(decay_, (1 + t) / (10 + t));
}

void WeightAverage::swap() {
  torch::NoGradGuard no_grad;
  for (auto& [name, average] : averages_) {  // memory changes hands, so nothing can fail halfway
    auto& weight = weights_.at(name);
    const auto values = weight.detach();
    weight.set_data(average.detach());
    average.set_data(values);
  }
}

}  // namespace weft

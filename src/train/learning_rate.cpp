#include "train/learning_rate.h"

#include <algorithm>
#include <cmath>

namespace weft {

double LearningRate::at(int64_t update) const {
  const auto t = static_cast<double>(update);
  const auto warmup = static_cast<double>(options_.warmup_steps);
  if (t < warmup) return peak_ * scale_ * t / warmup;
  double rate = peak_ * scale_;
  if (options_.inverse_sqrt_steps > 0) {
    rate *= std::min(1.0, std::sqrt(static_cast<double>(options_.inverse_sqrt_steps) / t));
  }
  return std::max(rate, std::min(options_.minimum_rate, peak_));
}

}  // namespace weft

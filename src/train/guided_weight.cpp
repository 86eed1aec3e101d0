#include "train/guided_weight.h"

#include <cmath>

namespace weft {

double guided_weight(const GuidedAlignmentOptions& options, int64_t update) {
  if (options.half_life == 0 || options.weight <= options.final_weight) return options.weight;
  const double lives = static_cast<double>(update - 1) / static_cast<double>(options.half_life);
  return options.final_weight + (options.weight - options.final_weight) * std::exp2(-lives);
}

}  // namespace weft

#include "train/sampling_probability.h"

#include <cmath>

namespace weft {

double own_word_probability(const ScheduledSamplingOptions& options, int64_t update) {
  if (options.probability == 0) return 0;
  const auto k = static_cast<double>(options.decay);
  // k / (k + exp(x)) with no exponential that overflows
  const double kept = 1 / (1 + std::exp(static_cast<double>(update) / k - std::log(k)));
  return options.probability * (1 - kept);
}

}  // namespace weft

#pragma once
// How translations are drawn.

#include <cstdint>

namespace weft {

enum class SamplingMethod {
  kNone,
  kAncestral,  ///< token by token, each translation by itself: some may be the same
  kGumbel,     ///< different ones, drawn without replacement
};

/// Which tokens are drawn from. They are cut by top_k, then top_p, then min_p, after the
/// temperature; at least one is left.
struct SamplingOptions {
  SamplingMethod method = SamplingMethod::kNone;
  double temperature = 1;  ///< > 0; log-probabilities are divided by it
  int64_t top_k = 0;       ///< the most probable; 0: all
  double top_p =
      1;  ///< in (0, 1]: the fewest whose probabilities sum to this (Holtzman et al. 2020)
  double min_p = 0;  ///< in [0, 1): those with this part of the best one's probability
  int64_t seed = 1;
  bool operator==(const SamplingOptions&) const = default;
};

}  // namespace weft

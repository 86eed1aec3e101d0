#include "search/scoring.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace weft {

int64_t Scoring::length_limit(int64_t source_tokens) const {
  if (max_length_ > 0) return max_length_;
  // As far as an integer reaches, whatever the factor.
  constexpr auto kMost = static_cast<double>(std::numeric_limits<int32_t>::max());
  const double limit = max_length_factor_ * static_cast<double>(source_tokens);
  return static_cast<int64_t>(std::min(limit, kMost)) + kExtraLength;
}

double Scoring::score(const Hypothesis& hypothesis) const {
  const auto length = static_cast<double>(hypothesis.token_log_probs.size());
  return hypothesis.log_prob / std::pow(length, length_normalization_);
}

void Scoring::rank(std::vector<Hypothesis>& hypotheses) {
  std::stable_sort(hypotheses.begin(), hypotheses.end(),
                   [](const Hypothesis& a, const Hypothesis& b) {
                     return a.finished != b.finished ? a.finished : a.score > b.score;
                   });
}

}  // namespace weft

#include "search/scoring.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace weft {
namespace {

/// Sum over source tokens of log min(1, what attention [T, S] gave them), the last left out.
double log_coverage(const torch::Tensor& attention) {
  constexpr double kLeast = 1e-10;
  const auto words = attention.size(1) - 1;
  const auto covered = attention.narrow(1, 0, words).to(torch::kFloat64).sum(0);
  return covered.clamp(kLeast, 1.0).log().sum().item<double>();
}

}  // namespace

int64_t Scoring::length_limit(int64_t source_tokens, int64_t given) const {
  if (options_.max_length > 0) return std::max(options_.max_length, given);
  // As far as an integer reaches, whatever the factor.
  constexpr auto kMost = static_cast<double>(std::numeric_limits<int32_t>::max());
  const double limit = options_.max_length_factor * static_cast<double>(source_tokens);
  return static_cast<int64_t>(std::min(limit, kMost)) + kExtraLength + given;
}

int64_t Scoring::least_length(int64_t source_tokens) const {
  const double by_factor =
      std::ceil(options_.min_length_factor * static_cast<double>(source_tokens - 1));
  const auto least = std::max(static_cast<int64_t>(by_factor), options_.min_length);
  return std::min(least, length_limit(source_tokens) - 1);
}

double Scoring::score(double log_prob, int64_t length, int64_t source_tokens) const {
  const auto tokens = static_cast<double>(length);
  double score = log_prob;
  if (options_.word_penalty != 0) score -= options_.word_penalty * tokens;
  const double offset = options_.length_offset;
  const double relative = offset == 0 ? tokens : (offset + tokens) / (offset + 1);
  score /= std::pow(relative, options_.length_normalization);
  if (options_.brevity_penalty > 0) {
    const double expected = options_.length_ratio * static_cast<double>(source_tokens);
    score += options_.brevity_penalty * std::min(0.0, 1 - expected / tokens);
  }
  return score;
}

double Scoring::score(const Hypothesis& hypothesis, int64_t source_tokens) const {
  const auto length = static_cast<int64_t>(hypothesis.token_log_probs.size());
  const double without = score(hypothesis.log_prob + hypothesis.reward, length, source_tokens);
  if (options_.coverage_penalty == 0) return without;
  return without + options_.coverage_penalty * log_coverage(hypothesis.attention);
}

double Scoring::bound(double log_prob, int64_t from, int64_t to, int64_t source_tokens) const {
  double best = -std::numeric_limits<double>::infinity();
  for (int64_t length = from; length <= to; ++length)
    best = std::max(best, score(log_prob, length, source_tokens));
  return best;
}

void Scoring::rank(std::vector<Hypothesis>& hypotheses) {
  std::stable_sort(hypotheses.begin(), hypotheses.end(),
                   [](const Hypothesis& a, const Hypothesis& b) {
                     return a.finished != b.finished ? a.finished : a.score > b.score;
                   });
}

}  // namespace weft

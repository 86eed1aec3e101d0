#pragma once
// Everything that a table model can say, and whether samples follow their probabilities.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "search/plain_search.h"
#include "search/table_model.h"

namespace weft {

/// Every translation there is of at most `most` tokens, its end of sentence included.
/// `model` has log_probs(source, prefix), as TableModel.
template <class Model>
void enumerate(const Model& model, const Tokens& source, const Expected& prefix, int64_t most,
               std::vector<Expected>& all) {
  for (const auto& extended : extensions(model.log_probs(source, prefix.tokens), prefix)) {
    if (extended.ended() || most == 1) {
      all.push_back(extended);
    } else {
      enumerate(model, source, extended, most - 1, all);
    }
  }
}

/// A table model among the tokens of a list.
struct ListedModel {
  const TableModel& model;
  std::vector<int64_t> list;

  std::vector<float> log_probs(const Tokens& source, const Tokens& prefix) const {
    const auto of_all = model.log_probs(source, prefix);
    double sum = 0;
    for (const int64_t token : list)
      sum += std::exp(static_cast<double>(of_all[static_cast<std::size_t>(token)]));
    std::vector<float> result(of_all.size(), -std::numeric_limits<float>::infinity());
    for (const int64_t token : list)
      result[static_cast<std::size_t>(token)] =
          of_all[static_cast<std::size_t>(token)] - static_cast<float>(std::log(sum));
    return result;
  }
};

/// The score that DecodingOptions describes, from the formula.
inline double score_of(const TableModel& model, const Tokens& source, const Expected& translation,
                       const DecodingOptions& options) {
  const auto length = static_cast<double>(translation.tokens.size() - 1);
  double score = (translation.log_prob - options.word_penalty * length) /
                 std::pow((options.length_offset + length) / (options.length_offset + 1),
                          options.length_normalization);
  score += options.brevity_penalty *
           std::min(0.0, 1 - options.length_ratio * static_cast<double>(source.size()) / length);
  for (std::size_t j = 0; j + 1 < source.size(); ++j) {
    double covered = 0;
    for (std::size_t i = 1; i < translation.tokens.size(); ++i) {
      const Tokens prefix(translation.tokens.begin(),
                          translation.tokens.begin() + static_cast<std::ptrdiff_t>(i));
      covered += model.attention(source, prefix)[j];
    }
    score += options.coverage_penalty * std::log(std::min(1.0, covered));
  }
  return score;
}

/// Pearson's statistic less its degrees of freedom, in their standard deviations: a number that is
/// rarely above 4 if the counts are of draws from the probabilities, which sum to 1. What is
/// expected fewer than 5 times counts together.
template <class Outcome>
double chi_squared_excess(const std::map<Outcome, double>& probabilities,
                          const std::map<Outcome, int64_t>& counts, int64_t draws) {
  double statistic = 0, rare = 0;
  int64_t classes = 0, rarely = 0, known = 0;
  const auto add = [&](double expected, int64_t observed) {
    statistic += (static_cast<double>(observed) - expected) *
                 (static_cast<double>(observed) - expected) / expected;
    ++classes;
  };
  for (const auto& [outcome, probability] : probabilities) {
    const double expected = probability * static_cast<double>(draws);
    const auto found = counts.find(outcome);
    const int64_t observed = found == counts.end() ? 0 : found->second;
    known += observed;
    if (expected >= 5) {
      add(expected, observed);
    } else {
      rare += expected;
      rarely += observed;
    }
  }
  if (rare > 0) add(rare, rarely);
  if (known != draws) return 1e9;  // something came that cannot
  const auto freedom = static_cast<double>(classes - 1);
  return (statistic - freedom) / std::sqrt(2 * freedom);
}

}  // namespace weft

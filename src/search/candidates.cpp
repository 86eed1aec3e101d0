#include "search/candidates.h"

#include <torch/types.h>

#include <algorithm>
#include <limits>
#include <tuple>

namespace weft {

std::vector<Candidate> best_candidates(const StepChoice::Candidates& tokens, int64_t first_row,
                                       const std::vector<int64_t>& live, const HypothesisTree& tree,
                                       int64_t count, const TokenPenalties* penalties) {
  constexpr float kImpossible = -std::numeric_limits<float>::infinity();
  const auto ranks = tokens.ranks.accessor<float, 2>();
  const auto log_probs = tokens.log_probs.accessor<float, 2>();
  const auto ids = tokens.tokens.accessor<int64_t, 2>();
  // A penalty may carry any of a row's tokens below the next.
  const auto of_row = penalties == nullptr ? std::min(count, ranks.size(1)) : ranks.size(1);
  std::vector<Candidate> all;
  const auto add = [&](Candidate candidate) {
    if (penalties != nullptr) {
      const auto penalty = penalties->find(candidate.token);
      if (penalty != penalties->end()) candidate.rank -= penalty->second;
    }
    // False also of a NaN.
    if (candidate.rank > kImpossible && candidate.log_prob > kImpossible) all.push_back(candidate);
  };
  for (std::size_t row = 0; row < live.size(); ++row) {
    const auto batch_row = first_row + static_cast<int64_t>(row);
    const auto so_far = static_cast<float>(tree.log_prob(live[row]));
    const auto rank = so_far + static_cast<float>(tree.reward(live[row]));
    for (int64_t k = 0; k < of_row; ++k) {
      add({rank + ranks[batch_row][k], so_far + log_probs[batch_row][k], static_cast<int64_t>(row),
           ids[batch_row][k]});
    }
  }
  for (const auto& further : tokens.further) {
    const auto row = further.row - first_row;
    if (row < 0 || row >= static_cast<int64_t>(live.size())) continue;
    const auto node = live[static_cast<std::size_t>(row)];
    const auto so_far = static_cast<float>(tree.log_prob(node));
    add({so_far + static_cast<float>(tree.reward(node)) + further.rank, so_far + further.log_prob,
         row, further.token});
  }
  const auto kept = std::min(static_cast<std::size_t>(count), all.size());
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept), all.end(),
                    [](const Candidate& a, const Candidate& b) {
                      return std::tie(b.rank, a.row, a.token) < std::tie(a.rank, b.row, b.token);
                    });
  all.resize(kept);
  return all;
}

std::vector<Candidate> share_out(const std::vector<Candidate>& candidates,
                                 const std::vector<int64_t>& bank_of, int64_t banks,
                                 int64_t count) {
  std::vector<int64_t> left(static_cast<std::size_t>(banks), count / banks);
  // Where they cannot be equal those that are further on have one more.
  for (int64_t k = 0; k < count % banks; ++k) ++left[static_cast<std::size_t>(banks - 1 - k)];
  std::vector<bool> taken(candidates.size());
  int64_t free = count;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    auto& of_bank = left[static_cast<std::size_t>(bank_of[i])];
    if (of_bank == 0) continue;
    taken[i] = true;
    --of_bank;
    --free;
  }
  std::vector<Candidate> shared;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!taken[i] && free-- <= 0) continue;
    shared.push_back(candidates[i]);
  }
  return shared;
}

}  // namespace weft

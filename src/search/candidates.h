#pragma once
// The continuations of a beam's hypotheses, among which search chooses.

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "search/hypothesis_tree.h"
#include "search/token_policy.h"

namespace weft {

/// A hypothesis, one token longer.
struct Candidate {
  float rank;
  float log_prob;
  int64_t row;  ///< within the beam
  int64_t token;
};

/// What is taken off the ranks of tokens.
using TokenPenalties = std::unordered_map<int64_t, float>;

/// The best continuations of the hypotheses `live` (nodes of the tree), whose tokens are in the
/// rows from `first_row` on: best first, at most `count`. `penalties` may be nullptr.
std::vector<Candidate> best_candidates(const StepChoice::Candidates& tokens, int64_t first_row,
                                       const std::vector<int64_t>& live, const HypothesisTree& tree,
                                       int64_t count, const TokenPenalties* penalties);

/// `count` of the candidates, which are best first: of each of the banks the best, as many of each
/// as of another; what a bank has not goes to the best of all others. `bank_of`: of each candidate.
std::vector<Candidate> share_out(const std::vector<Candidate>& candidates,
                                 const std::vector<int64_t>& bank_of, int64_t banks, int64_t count);

}  // namespace weft

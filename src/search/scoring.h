#pragma once
// How long hypotheses may become and how they are compared.

#include <cstdint>
#include <vector>

#include "config/training_options.h"
#include "search/hypothesis_tree.h"

namespace weft {

/// Room for short sources, whose translations may be relatively longer.
inline constexpr int64_t kExtraLength = 10;

/// Lengths of translations and of sources are numbers of tokens with the end of sentence.
class Scoring {
 public:
  explicit Scoring(const DecodingOptions& options) : options_(options) {}

  /// Most tokens of a translation of which `given` are given: max_length, or, where that is 0,
  /// max_length_factor times the source's tokens plus kExtraLength beyond those given.
  int64_t length_limit(int64_t source_tokens, int64_t given = 0) const;
  /// Fewest tokens of a translation without its end of sentence, 0 if any number will do.
  int64_t least_length(int64_t source_tokens) const;
  /// What DecodingOptions says. Coverage, if it counts, is that of the hypothesis's attention,
  /// without the source's end of sentence; a token that got none counts as if it had got 1e-10.
  double score(const Hypothesis& hypothesis, int64_t source_tokens) const;
  /// No hypothesis that goes on from `log_prob` and has `from` to `to` tokens scores more.
  double bound(double log_prob, int64_t from, int64_t to, int64_t source_tokens) const;
  /// Complete translations before those that the length limit cut off, then by score; of equal ones
  /// the first stays first.
  static void rank(std::vector<Hypothesis>& hypotheses);

 private:
  /// But for coverage.
  double score(double log_prob, int64_t length, int64_t source_tokens) const;

  DecodingOptions options_;
};

}  // namespace weft

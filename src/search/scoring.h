#pragma once
// How long hypotheses may become and how they are compared.

#include <cstdint>
#include <vector>

#include "config/training_options.h"
#include "search/hypothesis_tree.h"

namespace weft {

/// Room for short sources, whose translations may be relatively longer.
inline constexpr int64_t kExtraLength = 10;

class Scoring {
 public:
  explicit Scoring(const DecodingOptions& options)
      : length_normalization_(options.length_normalization),
        max_length_factor_(options.max_length_factor),
        max_length_(options.max_length) {}

  /// Most tokens of a translation, its end of sentence included: max_length, or, where
  /// that is 0, max_length_factor times the source's tokens (its end of sentence included), plus
  /// kExtraLength.
  int64_t length_limit(int64_t source_tokens) const;
  /// log p / length^α, length with the end of sentence.
  double score(const Hypothesis& hypothesis) const;
  /// Complete translations before those that the length limit cut off, then by score; of equal ones
  /// the first stays first.
  static void rank(std::vector<Hypothesis>& hypotheses);

 private:
  double length_normalization_;
  double max_length_factor_;
  int64_t max_length_;
};

}  // namespace weft

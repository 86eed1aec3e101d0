#pragma once
// How far an alignment moves in the source from one target word to the next.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "aligner/bitext.h"
#include "aligner/fixed_point.h"

namespace weft {

/// Classes of source words: each of the most frequent types is one by itself (function words are
/// followed by jumps of their own), all others are one together, and so is the start of a sentence.
class JumpClasses {
 public:
  /// `frequencies`: of each type.
  JumpClasses(const std::vector<std::uint32_t>& frequencies, std::size_t own_classes);

  std::size_t size() const { return own_classes_ + 2; }
  /// Of a type that is not known: the class of all others.
  std::size_t of(WordTypes::Id type) const { return type < classes_.size() ? classes_[type] : 0; }
  std::size_t start() const { return own_classes_ + 1; }

 private:
  std::size_t own_classes_;
  std::vector<std::uint8_t> classes_;  // of each type; 0: all others
};

/// Expected numbers of jumps. A jump is the distance from the source position of the last aligned
/// target word (-1 at the start) to that of the next (the length of the source at the end).
class JumpCounts {
 public:
  using Amount = std::int64_t;
  static constexpr int kFarthest = 200;  ///< jumps beyond it count as jumps of it
  static constexpr std::size_t kWidth = 2 * kFarthest + 1;

  explicit JumpCounts(std::size_t classes) : counts_(classes * kWidth, 0) {}

  void add(std::size_t from_class, int jump, float expected) {
    counts_[from_class * kWidth + column(jump)] += static_cast<Amount>(expected * kOne + 0.5f);
  }
  void add(const JumpCounts& other);
  void clear();
  double count(std::size_t from_class, std::size_t column) const {
    return static_cast<double>(counts_[from_class * kWidth + column]) / static_cast<double>(kOne);
  }
  std::size_t classes() const { return counts_.size() / kWidth; }

  static std::size_t column(int jump) {
    const int near = jump < -kFarthest ? -kFarthest : jump > kFarthest ? kFarthest : jump;
    return static_cast<std::size_t>(near + kFarthest);
  }

 private:
  static constexpr float kOne = 1 << 24;
  std::vector<Amount> counts_;
};

/// Weights of jumps, which are normalised over the positions that a sentence has. Vogel, Ney and
/// Tillmann 1996, HMM-Based Word Alignment in Statistical Translation (C96-2141).
class JumpTable {
 public:
  /// Before anything was counted: exp(-|jump - 1| / 3) + 0.01 whatever the class.
  explicit JumpTable(std::size_t classes);
  /// `weights`: [class, jump].
  explicit JumpTable(std::vector<float> weights) : weights_(std::move(weights)) {}

  /// weight(c, d) = count(c, d) + strength * (count(d) + 1/2) / (sum over d' of count(d') + 1/2):
  /// a class that was seen rarely jumps as words do at large.
  void estimate(const JumpCounts& counts, double strength = 50.0);

  /// A table of factors that change nothing.
  static JumpTable ones(std::size_t classes) {
    return JumpTable(std::vector<float>(classes * JumpCounts::kWidth, 1.0f));
  }
  /// weight(c, d) = (count(c, d) + strength) / (expected(c, d) + strength), where expected(c, d) is
  /// what c would have of d if it jumped as words do at large: near 1 where little was counted.
  void estimate_factors(const JumpCounts& counts, double strength = 100.0);

  /// The weight of `jump` is element `jump + JumpCounts::kFarthest` of the row.
  const float* row(std::size_t from_class) const {
    return weights_.data() + from_class * JumpCounts::kWidth;
  }
  const std::vector<float>& weights() const { return weights_; }
  float weight(std::size_t from_class, int jump) const {
    return row(from_class)[JumpCounts::column(jump)];
  }

 private:
  std::vector<float> weights_;  // [class, jump]
};

}  // namespace weft

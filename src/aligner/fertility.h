#pragma once
// How many words of the other language each word has.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "aligner/bitext.h"
#include "aligner/fixed_point.h"
#include "base/worker_pool.h"

namespace weft {

/// What the emissions of a word are multiplied by, if it had F words of the other language and is
/// expected to have mu: below 1 if it had too many, as a rare word has that takes whatever nothing
/// else explains, and above 1 if it had too few.
inline double fertility_factor(double expected, double had) {
  return (expected + 1.0) / (had + 1.0);
}

/// How many words a word is expected to have whose type had `sum` of them in `times` other places.
/// `mean`: of words at large, which counts as one more place.
inline double expected_fertility(double sum, double times, double mean) {
  return (sum + mean) / (times + 1.0);
}

/// Fertilities of the words of one side of a text. A hidden Markov model knows nothing of them: it
/// may have one word emit half a sentence. IBM models 3 and on have a distribution for each type
/// (Brown et al. 1993, J93-2003), under which exact posteriors cannot be had. Here, after each
/// judgement, what a word emits is multiplied by fertility_factor(mu, F), on top of what it was
/// multiplied by before; F is the sum over the other sentence of the posteriors of having come from
/// this word, mu what the word's type had in all other places.
class Fertility {
 public:
  /// `side` outlives it.
  explicit Fertility(const TextSide& side);

  /// What the word at `place`, TextSide::begin(k) + its position, had. For several threads, of
  /// different places.
  void count(std::size_t place, WordTypes::Id type, float had);
  /// Sets the factors by what was counted.
  void estimate(WorkerPool& pool);
  /// 1 before the first estimate().
  float factor(std::size_t place) const;
  /// Of a type, as it was counted before the last estimate().
  float mean(WordTypes::Id type) const;

 private:
  double had(std::size_t place) const { return static_cast<double>(had_[place]) / kOne; }
  void update(std::size_t place, WordTypes::Id type, double mean);

  static constexpr double kOne = 256.0;      // of had_ and sums
  static constexpr double kOctave = 2048.0;  // of factors_
  const TextSide& side_;
  std::vector<std::uint16_t> had_;     // F of each place
  std::vector<std::int16_t> factors_;  // the logarithm of each place's, to base 2
  std::vector<FixedSum> sums_;         // of each type, that are being counted
  std::vector<FixedSum> known_;        // of each type, that were counted last
};

}  // namespace weft

#pragma once
// How well links agree with links made by hand.

#include <cstddef>
#include <vector>

#include "align/links.h"

namespace weft {

/// Counts of links over a corpus; "matched" = in both.
struct LinkCounts {
  std::size_t hypothesis = 0;        ///< |A|
  std::size_t sure = 0;              ///< |S|
  std::size_t matched_sure = 0;      ///< |A ∩ S|
  std::size_t matched_possible = 0;  ///< |A ∩ P|, where P includes S

  LinkCounts& operator+=(const LinkCounts& other);
};

/// Of one sentence pair. Every link of `hypothesis` counts, marked sure or not, each pair once.
LinkCounts count_links(const std::vector<Link>& hypothesis, const std::vector<Link>& gold);

/// AER of these counts, as AlignmentErrorRate defines it.
double error_rate(const LinkCounts& counts);

/// Alignment error rate. Och and Ney 2003, A Systematic Comparison of Various Statistical Alignment
/// Models (Computational Linguistics 29(1), J03-1002), section 6. With hypothesis A, sure S and
/// possible P ⊇ S:
///   precision = |A ∩ P| / |A|,   recall = |A ∩ S| / |S|,
///   AER = 1 - (|A ∩ S| + |A ∩ P|) / (|A| + |S|)
/// All counts are summed over the corpus first. A quotient of nothing by nothing is a perfect
/// score: with no hypothesis link precision is 1, with no sure link recall is 1, with neither AER
/// is 0.
class AlignmentErrorRate {
 public:
  /// Adds one sentence pair, as count_links() counts it.
  void add(const std::vector<Link>& hypothesis, const std::vector<Link>& gold);
  void add(const LinkCounts& sentence) { counts_ += sentence; }

  double aer() const { return error_rate(counts_); }  ///< in [0, 1], 0 is best
  double precision() const;                           ///< in [0, 1]
  double recall() const;                              ///< in [0, 1]
  double f1() const;  ///< harmonic mean of precision and recall, in [0, 1]
  const LinkCounts& counts() const { return counts_; }

 private:
  LinkCounts counts_;
};

}  // namespace weft

#pragma once
// How far a score may be chance: sentences drawn again.

#include <vector>

#include "align/alignment_error_rate.h"

namespace weft {

struct Interval {
  double low = 0.0;
  double high = 0.0;
};

/// The interval that holds 95 of 100 alignment error rates of test sets drawn, with replacement,
/// from these sentences. Koehn 2004, Statistical Significance Tests for Machine Translation
/// Evaluation (W04-3250). Always the same draws. `sentences` is not empty.
Interval error_rate_interval(const std::vector<LinkCounts>& sentences);

/// The same of the difference, `other` less `first`, on the same drawn sentences. Both have as
/// many.
Interval error_rate_difference(const std::vector<LinkCounts>& first,
                               const std::vector<LinkCounts>& other);

}  // namespace weft

#pragma once
// Word links: the hard form of an alignment.

#include <compare>
#include <vector>

#include "align/alignment_matrix.h"

namespace weft {

/// Source word `source` and target word `target`, counted from 0, translate each other.
struct Link {
  int source = 0;
  int target = 0;
  bool sure = true;  ///< false: only possible (Och & Ney 2003), an annotator's mark
  auto operator<=>(const Link&) const = default;
};

/// The links of one sentence pair as a set: by source, then target; each pair once. A pair that
/// stands there both as sure and as possible is sure.
std::vector<Link> as_set(std::vector<Link> links);

/// For every target word the source word with the greatest weight, the first of equals. A row whose
/// weights are all equal (more than one column) points nowhere and gets no link.
std::vector<Link> hard_links(const AlignmentMatrix& matrix);

/// Every pair whose weight is above `threshold`; none above 1.
/// Throws std::invalid_argument if that is outside [0, 1].
std::vector<Link> threshold_links(const AlignmentMatrix& matrix, float threshold);

/// The same links seen from the other side: source and target swapped.
std::vector<Link> reversed(const std::vector<Link>& links);

}  // namespace weft

#pragma once
// Which target token a row of forced matrices describes: found out by links that are right.

#include <array>
#include <cstddef>
#include <vector>

#include "align/links.h"
#include "search/forced_aligner.h"

namespace weft {

/// What decoding.alignment_shift may be.
inline constexpr std::array<int, 3> kAlignmentShifts{0, -1, 1};

/// For what links_by_shift() takes.
ForcedAlignerOptions options_for_shifts(ForcedAlignerOptions options);

/// The links of a pair between words under each shift. `pair` is of an aligner with
/// options_for_shifts().
std::array<std::vector<Link>, kAlignmentShifts.size()> links_by_shift(const AlignedPair& pair,
                                                                      const LineWithWords& target);

/// Which of the shifts to use, given the error rates of each: none, unless one of the others makes
/// at least two points in a hundred less.
std::size_t best_shift(const std::array<double, kAlignmentShifts.size()>& error_rates);

}  // namespace weft

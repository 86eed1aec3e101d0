#include "search/alignment_shift.h"

#include <algorithm>

#include "search/alignment.h"

namespace weft {

ForcedAlignerOptions options_for_shifts(ForcedAlignerOptions options) {
  options.alignment = {AlignmentUnit::kPiece, EndOfSentence::kKeep};
  options.decoding.alignment_shift = 0;
  return options;
}

std::array<std::vector<Link>, kAlignmentShifts.size()> links_by_shift(const AlignedPair& pair,
                                                                      const LineWithWords& target) {
  std::array<std::vector<Link>, kAlignmentShifts.size()> links;
  if (pair.alignment.rows() == 0) return links;
  for (std::size_t k = 0; k < links.size(); ++k) {
    links[k] = hard_links(shown_alignment(
        pair.alignment, pair.source.line, pair.source.words, target.line, target.words,
        {AlignmentUnit::kWord, EndOfSentence::kDrop, kAlignmentShifts[k]}));
  }
  return links;
}

std::size_t best_shift(const std::array<double, kAlignmentShifts.size()>& error_rates) {
  constexpr double kClearly = 0.02;
  const auto least = std::min_element(error_rates.begin(), error_rates.end());
  if (*least > error_rates.front() - kClearly) return 0;
  return static_cast<std::size_t>(least - error_rates.begin());
}

}  // namespace weft

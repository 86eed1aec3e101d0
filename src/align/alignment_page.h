#pragma once
// Alignments of many sentences as one page of HTML.

#include <optional>
#include <string>
#include <string_view>

namespace weft {

/// A sentence pair of a page.
struct PageFigure {
  std::string source, target;
  std::string svg;              ///< what render_svg() gives
  std::optional<double> score;  ///< natural logarithm of the probability, which the page sorts by
};

/// The page piece by piece: its beginning, as many figures as there are, its end. It needs nothing
/// from elsewhere. Where the pointer is on a cell, the words of its row and
/// column light up; a field finds sentences by their words, and a choice sorts them by probability.
/// It follows the reader's choice of light or dark.
std::string page_beginning(std::string_view title);
std::string page_figure(std::size_t number, const PageFigure& figure);
std::string page_end();

}  // namespace weft

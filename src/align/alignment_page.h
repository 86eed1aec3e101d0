#pragma once
// Alignments of many sentences as one page of HTML.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

/// A translation of a sentence, and its alignment.
struct PagePanel {
  std::string name;  ///< of the model; "": there is but one
  std::string target;
  std::string svg;              ///< what render_svg() gives
  std::optional<double> score;  ///< natural logarithm of the probability a word
};

/// A sentence, with what each model says of it.
struct PageFigure {
  std::string source;
  std::vector<PagePanel> panels;
};

/// The page piece by piece: its beginning, as many figures as there are, its end. It needs nothing
/// from elsewhere. Where the pointer is on a cell, the words of its row and column light up; a
/// field finds sentences by their words; a choice sorts them by probability, by how sure the
/// alignment is (the mean over the rows of the largest weight) or, of several models, by how much
/// their links differ. Each matrix can be saved, as SVG or JSON. It follows the reader's choice of
/// light or dark.
std::string page_beginning(std::string_view title);
std::string page_figure(std::size_t number, const PageFigure& figure);
std::string page_end();

}  // namespace weft

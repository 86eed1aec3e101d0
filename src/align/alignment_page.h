#pragma once
// Alignments of many sentences as one page of HTML.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "align/alignment_matrix.h"
#include "align/links.h"

namespace weft {

/// A translation of a sentence, and its alignment.
struct PagePanel {
  std::string name;  ///< of the model; "": there is but one
  std::string target;
  AlignmentMatrix matrix;
  std::vector<Link> links;
  std::optional<double> score;  ///< natural logarithm of the probability a word
};

/// A sentence, with what each model says of it.
struct PageFigure {
  std::string source;
  std::vector<PagePanel> panels;
};

/// The page piece by piece: its beginning, as many figures as there are, its end. It needs nothing
/// from elsewhere; its own script (align/page) draws the matrices as they come into view. Where the
/// pointer is, words light up in the texts and in the matrix; a field finds sentences by their
/// words; a choice sorts them by probability, by how sure the alignment is (the mean over the rows
/// of the largest weight) or, of several models, by how much their links differ. Each matrix can be
/// saved, as SVG or JSON. It follows the reader's choice of light or dark. Weights have 8 bits.
/// Throws std::invalid_argument as check_matrix() does.
std::string page_beginning(std::string_view title);
std::string page_figure(std::size_t number, const PageFigure& figure);
std::string page_end();

}  // namespace weft

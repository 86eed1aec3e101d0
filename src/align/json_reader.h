#pragma once
// Alignments that render_json() has written.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "align/alignment_matrix.h"
#include "align/links.h"

namespace weft {

struct ReadAlignment {
  std::size_t id = 0;  ///< number of the sentence, from 0
  std::optional<double> score;
  std::string source, target;  ///< the lines
  AlignmentMatrix matrix;      ///< its tokens have text, but stand at no bytes
  std::vector<Link> links;
};

/// Reads one line. An empty matrix is of a line without words. Throws std::invalid_argument, which
/// says what was expected, if it is no alignment of text.
ReadAlignment read_json_alignment(std::string_view line);

}  // namespace weft

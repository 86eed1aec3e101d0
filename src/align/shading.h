#pragma once
// Cells of a terminal picture: a weight as a shade, a colour or a number.

#include <cstddef>

#include "align/picture_line.h"

namespace weft {

/// How every cell of one picture is drawn.
struct CellStyle {
  bool colour = false;    ///< background colours instead of shades
  bool numbers = false;   ///< per cent, which needs a width of 4
  std::size_t width = 2;  ///< columns of the terminal, at least 2
};

/// Appends the cell for `weight`, a probability.
void add_cell(PictureLine& line, float weight, const CellStyle& style);

/// Appends a cell with the line that leads from a word down to its column.
void add_guide(PictureLine& line, const CellStyle& style);

}  // namespace weft

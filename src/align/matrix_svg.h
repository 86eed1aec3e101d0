#pragma once
// The picture of an alignment as SVG.

#include <string>

#include "align/alignment_matrix.h"

namespace weft {

/// Source words stand above their columns, written upwards (Chinese, Japanese and Korean ones
/// downwards, upright), target words before their rows; the
/// darker a cell, the greater its weight. Words of any script, from right to left too, each by
/// itself. Cells and labels have data-row and data-column, for a page's script, and a cell
/// tells its words and weight where the pointer rests. The text has a contrast of over 12:1.
///
/// A file of its own. A matrix without rows or columns has no picture: "". Throws
/// std::invalid_argument as check_matrix() does.
std::string render_svg(const AlignmentMatrix& matrix);

}  // namespace weft

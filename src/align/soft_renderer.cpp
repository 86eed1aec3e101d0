#include "align/soft_renderer.h"

#include "align/weight_text.h"

namespace weft {

std::string render_soft(const AlignmentMatrix& matrix) {
  std::string text;
  for (std::size_t row = 0; row < matrix.rows(); ++row) {
    if (row > 0) text += ' ';
    for (std::size_t column = 0; column < matrix.columns(); ++column) {
      if (column > 0) text += ',';
      text += weight_text(matrix.at(row, column));
    }
  }
  return text;
}

}  // namespace weft

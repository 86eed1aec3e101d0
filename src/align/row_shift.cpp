#include "align/row_shift.h"

#include <algorithm>
#include <cstddef>

namespace weft {

AlignmentMatrix shift_rows(AlignmentMatrix matrix, int shift) {
  if (shift == 0 || matrix.rows() == 0) return matrix;
  const auto columns = static_cast<std::ptrdiff_t>(matrix.columns());
  const auto last = static_cast<std::ptrdiff_t>(matrix.rows()) - 1;
  const auto before = matrix.weights;
  for (std::ptrdiff_t row = 0; row <= last; ++row) {
    const auto step = std::clamp<std::ptrdiff_t>(row - shift, 0, last);
    std::copy_n(before.begin() + step * columns, columns, matrix.weights.begin() + row * columns);
  }
  return matrix;
}

}  // namespace weft

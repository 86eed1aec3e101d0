#include "align/grid_attention.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace weft {

void check_grid(const GridAttention& attention) {
  if (attention.rows < 1 || attention.columns < 1 ||
      attention.weights.size() != attention.words.size() * attention.cells())
    throw std::invalid_argument("the weights are not those of a grid");
}

std::vector<float> relative_weights(const GridAttention& attention, std::size_t word) {
  const float* begin = attention.of_word(word);
  std::vector<float> weights(begin, begin + attention.cells());
  float most = 0;
  for (float& weight : weights) {
    if (!(weight > 0) || !std::isfinite(weight)) weight = 0;
    most = std::max(most, weight);
  }
  for (float& weight : weights) weight = most > 0 ? weight / most : 0;
  return weights;
}

GridAttention grid_attention(const AlignmentMatrix& matrix) {
  GridAttention attention;
  attention.rows = static_cast<int64_t>(matrix.grid_rows);
  attention.columns = static_cast<int64_t>(matrix.grid_columns);
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    if (matrix.target[i].end_of_sentence) continue;
    attention.words.push_back(matrix.target[i].text);
    const auto row = matrix.weights.begin() + static_cast<std::ptrdiff_t>(i * matrix.columns());
    attention.weights.insert(attention.weights.end(), row,
                             row + static_cast<std::ptrdiff_t>(attention.cells()));
  }
  return attention;
}

}  // namespace weft

#pragma once
// Attention over what is no line of words: a picture, or sound.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "align/alignment_matrix.h"

namespace weft {

/// For every word the weights of the cells of a grid, row by row. Sound has one row: time.
struct GridAttention {
  std::vector<std::string> words;  ///< T
  int64_t rows = 1;
  int64_t columns = 0;
  std::vector<float> weights;  ///< [T, rows * columns]

  std::size_t cells() const { return static_cast<std::size_t>(rows * columns); }
  const float* of_word(std::size_t word) const { return weights.data() + word * cells(); }
};

/// Throws std::invalid_argument unless there are rows, columns and as many weights as they hold.
void check_grid(const GridAttention& attention);

/// The weights of a word divided by the largest of them, in [0, 1]: what pictures show.
std::vector<float> relative_weights(const GridAttention& attention, std::size_t word);

/// The attention of a matrix whose columns stand in a grid, without the end of sentence and what
/// stands in no place.
GridAttention grid_attention(const AlignmentMatrix& matrix);

}  // namespace weft

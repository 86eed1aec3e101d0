#pragma once
// The alignment distribution of one sentence pair: what search, forced alignment, renderers and AER
// share.

#include <cstddef>
#include <string>
#include <vector>

#include "base/span.h"

namespace weft {

/// One unit (a word or a piece) of a line of text and where it stands there.
struct AlignedToken {
  std::string text;              ///< as it is shown
  Span span;                     ///< bytes of the line; may be empty, as that of a lone "▁"
  bool end_of_sentence = false;  ///< only ever the last token of a side
};

/// α_ij: for every target token i (a row) a distribution over the source tokens j (columns).
struct AlignmentMatrix {
  std::vector<AlignedToken> source;  ///< S columns
  std::vector<AlignedToken> target;  ///< T rows
  std::vector<float> weights;        ///< [T, S] row-major; each row sums to 1
  std::string item = {};  ///< what the columns are annotations of, if not of text: its name
  /// Of an item, how the first columns stand, row by row; what is behind them is in no place.
  std::size_t grid_rows = 0, grid_columns = 0;

  std::size_t rows() const { return target.size(); }
  std::size_t columns() const { return source.size(); }
  float at(std::size_t row, std::size_t column) const {
    return weights[row * source.size() + column];
  }
};

/// Throws std::invalid_argument unless `matrix.weights` holds T * S numbers and an end of sentence
/// stands, if anywhere, last on its side.
void check_matrix(const AlignmentMatrix& matrix);

/// The matrix without the last column and the last row where these are the end of sentence, each
/// row divided by what is left of it: the distribution given that a source token was looked at. A
/// row that lay on the end of sentence alone says nothing about the source and becomes uniform.
AlignmentMatrix drop_end_of_sentence(const AlignmentMatrix& matrix);

}  // namespace weft

#include "align/alignment_matrix.h"

#include <numeric>
#include <stdexcept>

namespace weft {
namespace {

bool ends_with_end_of_sentence(const std::vector<AlignedToken>& tokens) {
  return !tokens.empty() && tokens.back().end_of_sentence;
}

/// Makes the row sum to 1: in proportion where it has any mass, uniform where it has none.
void normalize(std::vector<float>::iterator begin, std::vector<float>::iterator end) {
  const double sum = std::accumulate(begin, end, 0.0);
  for (auto weight = begin; weight != end; ++weight) {
    *weight = static_cast<float>(sum > 0 ? *weight / sum : 1.0 / static_cast<double>(end - begin));
  }
}

}  // namespace

void check_matrix(const AlignmentMatrix& matrix) {
  if (matrix.weights.size() != matrix.rows() * matrix.columns()) {
    throw std::invalid_argument("alignment matrix of " + std::to_string(matrix.rows()) + " x " +
                                std::to_string(matrix.columns()) + " tokens holds " +
                                std::to_string(matrix.weights.size()) + " weights");
  }
  for (const auto* tokens : {&matrix.source, &matrix.target}) {
    for (std::size_t token = 0; token + 1 < tokens->size(); ++token) {
      if (!(*tokens)[token].end_of_sentence) continue;
      throw std::invalid_argument("alignment matrix has an end of sentence before the last token");
    }
  }
}

AlignmentMatrix drop_end_of_sentence(const AlignmentMatrix& matrix) {
  check_matrix(matrix);
  AlignmentMatrix words = matrix;
  if (ends_with_end_of_sentence(words.target)) words.target.pop_back();
  if (!ends_with_end_of_sentence(words.source)) {
    words.weights.resize(words.rows() * words.columns());
    return words;
  }
  words.source.pop_back();
  words.weights.clear();
  for (std::size_t row = 0; row < words.rows(); ++row) {
    for (std::size_t column = 0; column < words.columns(); ++column) {
      words.weights.push_back(matrix.at(row, column));
    }
    const auto width = static_cast<std::ptrdiff_t>(words.columns());
    normalize(words.weights.end() - width, words.weights.end());
  }
  return words;
}

}  // namespace weft

#include "align/matrix_renderer.h"

#include "align/escapes.h"
#include "align/weight_text.h"

namespace weft {
namespace {

std::string join(const std::vector<AlignedToken>& tokens) {
  std::string text;
  for (const AlignedToken& token : tokens) {
    if (token.end_of_sentence) continue;
    if (!text.empty()) text += ' ';
    text += field_token(token.text);
  }
  return text;
}

std::string header(const AlignmentMatrix& matrix, const AlignmentContext& context) {
  return std::to_string(context.id) + " ||| " + join(matrix.target) + " ||| " +
         weight_text(static_cast<float>(context.score.value_or(0))) + " ||| " +
         join(matrix.source) + " ||| " + std::to_string(matrix.columns()) + " " +
         std::to_string(matrix.rows()) + "\n";
}

}  // namespace

std::string render_matrix(const AlignmentMatrix& matrix, const AlignmentContext& context) {
  std::string text = header(matrix, context);
  for (std::size_t row = 0; row < matrix.rows(); ++row) {
    for (std::size_t column = 0; column < matrix.columns(); ++column) {
      if (column > 0) text += ' ';
      text += weight_text(matrix.at(row, column));
    }
    text += '\n';
  }
  return text;
}

}  // namespace weft

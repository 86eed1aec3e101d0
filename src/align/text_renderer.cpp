#include "align/text_renderer.h"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "align/escapes.h"
#include "align/headings.h"
#include "align/picture_line.h"
#include "align/shading.h"

namespace weft {
namespace {

std::vector<std::string> shown_words(const std::vector<AlignedToken>& tokens, std::size_t widest) {
  std::vector<std::string> words;
  for (const AlignedToken& token : tokens)
    words.push_back(truncate_to_width(shown(token.text), widest));
  return words;
}

/// A picture before it is cut into blocks.
struct Picture {
  const AlignmentMatrix& matrix;
  std::vector<std::string> source;
  std::vector<std::string> target;
  HeadingStyle headings = HeadingStyle::kStair;
  CellStyle cells = {};
  std::size_t left = 0;   ///< columns of the terminal before the first cell
  std::size_t right = 0;  ///< columns of the terminal, where every line must end
};

/// Upright words need a gap between them; numbers need room for "100" and a gap.
std::size_t cell_width(HeadingStyle headings, const TextOptions& options) {
  if (options.numbers) return 4;
  return headings == HeadingStyle::kUpright ? 3 : 2;
}

Picture lay_out(const AlignmentMatrix& matrix, const TextOptions& options) {
  const std::size_t widest = options.terminal_width / 3;
  Picture picture{matrix, shown_words(matrix.source, widest), shown_words(matrix.target, widest)};
  picture.headings = heading_style(picture.source);
  picture.cells = {options.colour, options.numbers, cell_width(picture.headings, options)};
  for (const std::string& word : picture.target) {
    picture.left = std::max(picture.left, display_width(word) + 1);
  }
  picture.right = options.terminal_width;
  return picture;
}

/// Whether the column that stands `place` cells from the left of a block ends before the terminal
/// does.
bool fits(const Picture& picture, std::size_t column, std::size_t place) {
  const std::size_t heading =
      picture.headings == HeadingStyle::kStair ? display_width(picture.source[column]) : 0;
  return picture.left + place * picture.cells.width + std::max(picture.cells.width, heading) <=
         picture.right;
}

/// How many columns each block holds, as few blocks as fit; no block holds more than `most`.
std::vector<std::size_t> block_sizes(const Picture& picture, std::size_t most) {
  std::vector<std::size_t> sizes{0};
  for (std::size_t column = 0; column < picture.source.size(); ++column) {
    const std::size_t place = sizes.back();
    if (place > 0 && (place == most || !fits(picture, column, place))) sizes.push_back(0);
    ++sizes.back();
  }
  return sizes;
}

/// As few blocks as fit, of about equal size.
std::vector<std::size_t> balanced_block_sizes(const Picture& picture) {
  const std::size_t columns = picture.source.size();
  const std::size_t blocks = block_sizes(picture, columns).size();
  return block_sizes(picture, (columns + blocks - 1) / blocks);
}

std::string draw_block(const Picture& picture, std::size_t first, std::size_t count) {
  const std::span<const std::string> words(picture.source.data() + first, count);
  auto lines = heading_lines(words, picture.headings, picture.left, picture.cells);
  for (std::size_t row = 0; row < picture.target.size(); ++row) {
    PictureLine line;
    line.add(pad_left_to_width(isolated(picture.target[row]), picture.left - 1) + " ");
    for (std::size_t column = first; column < first + count; ++column) {
      add_cell(line, picture.matrix.at(row, column), picture.cells);
    }
    lines.push_back(std::move(line));
  }
  std::size_t width = 0;
  for (const PictureLine& line : lines) width = std::max(width, line.width);
  std::string block;
  for (PictureLine& line : lines) {
    line.add_spaces_to(width);
    block += line.text + "\n";
  }
  return block;
}

}  // namespace

std::string render_text(const AlignmentMatrix& matrix, const TextOptions& options) {
  constexpr std::size_t kNarrowest = 12;
  check_matrix(matrix);
  if (options.terminal_width < kNarrowest) {
    throw std::invalid_argument("a terminal of " + std::to_string(options.terminal_width) +
                                " columns is too narrow for a picture; it needs " +
                                std::to_string(kNarrowest));
  }
  if (matrix.rows() == 0 || matrix.columns() == 0) return "";
  const Picture picture = lay_out(matrix, options);
  std::string text;
  std::size_t first = 0;
  for (const std::size_t count : balanced_block_sizes(picture)) {
    if (first > 0) text += "\n";
    text += draw_block(picture, first, count);
    first += count;
  }
  return text;
}

}  // namespace weft

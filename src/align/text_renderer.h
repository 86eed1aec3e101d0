#pragma once
// The picture of an alignment for a terminal.

#include <cstddef>
#include <string>

#include "align/alignment_matrix.h"

namespace weft {

struct TextOptions {
  bool colour = false;              ///< background colours (256-colour terminals) instead of shades
  bool numbers = false;             ///< per cent in every cell
  std::size_t terminal_width = 80;  ///< columns, at least 12; wider matrices are drawn in blocks
};

/// Source words are columns, target words rows; the darker a cell (in colour: the brighter), the
/// greater its weight.
///
///            Der
///            │ Hund
///            │ │ schläft
///        The ██· ·
///        dog · ██·
///   sleeping · ░░▓▓
///
/// Source words go down like a stair, each above its column. If most of their characters are two
/// columns wide (Chinese, Japanese, Korean), they stand upright instead, one character below the
/// other. Words wider than a third of the terminal end in "…". What does not fit the terminal
/// continues in a further block, after an empty line. All lines of a block take equally many
/// columns. Control characters and those that change the direction of writing are shown as U+FFFD;
/// words written from right to left stand between isolates, so that a terminal that reorders them
/// leaves the cells beside them where they are.
///
/// Each line ends in a newline. A matrix without rows or columns has no picture: "".
/// Throws std::invalid_argument if the terminal is too narrow, or as check_matrix() does.
std::string render_text(const AlignmentMatrix& matrix, const TextOptions& options);

}  // namespace weft

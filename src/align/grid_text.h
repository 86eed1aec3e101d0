#pragma once
// Attention over a picture, for a terminal.

#include <string>

#include "align/grid_attention.h"
#include "align/text_renderer.h"

namespace weft {

/// A tile of shades for each word, the word above it, as many tiles beside each other as fit:
///
///   a         dog
///   ░░· ·     · · ·
///   · · ·     · ██▒▓
///
/// The darkest cell (in colour: the brightest) is the word's largest weight. Sound, which has one
/// row, takes a line for each word; where its columns are more than fit, each cell is the largest
/// of several. Words are shown as render_text() shows them. Each line ends in a newline. Throws
/// std::invalid_argument as check_grid() does.
std::string render_grid_text(const GridAttention& attention, const TextOptions& options);

}  // namespace weft

#pragma once
// The source words above the columns of a terminal picture.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "align/picture_line.h"
#include "align/shading.h"

namespace weft {

enum class HeadingStyle {
  kStair,    ///< one word a line, each line beginning above its column
  kUpright,  ///< all words beside each other, one character below the other
};

/// Upright if most characters are two columns wide and no word is too tall, else a stair.
HeadingStyle heading_style(const std::vector<std::string>& words);

/// Lines that name the columns from `left` on, one cell each.
std::vector<PictureLine> heading_lines(std::span<const std::string> words, HeadingStyle style,
                                       std::size_t left, const CellStyle& cells);

}  // namespace weft

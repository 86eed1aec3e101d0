#pragma once
// A line of a terminal picture.

#include <cstddef>
#include <string>
#include <string_view>

#include "base/display_width.h"

namespace weft {

/// Text that knows how many columns it takes: colours take none.
struct PictureLine {
  std::string text;
  std::size_t width = 0;

  void add(std::string_view visible) {
    text += visible;
    width += display_width(visible);
  }
  void add_spaces_to(std::size_t column) {
    if (width < column) add(std::string(column - width, ' '));
  }
  /// Adds `visible` between `colour`, an escape sequence, and the one that ends it.
  void add_coloured(std::string_view visible, std::string_view colour) {
    text += colour;
    add(visible);
    text += "\x1b[0m";
  }
};

}  // namespace weft

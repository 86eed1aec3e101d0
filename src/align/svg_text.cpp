#include "align/svg_text.h"

#include <cmath>

#include "align/escapes.h"
#include "base/display_width.h"
#include "base/escape_markup.h"
#include "base/number_text.h"

namespace weft {

std::string xml_text(std::string_view text) { return escape_markup(shown(text)); }

double label_width(std::string_view text, double size) {
  constexpr double kColumn = 0.62;  // of the size: half the width of a Chinese character, and more
                                    // than most Latin letters have
  return static_cast<double>(display_width(text)) * kColumn * size;
}

std::string svg_number(double number) { return shortest_number(std::round(number * 100) / 100); }

}  // namespace weft

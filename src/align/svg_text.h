#pragma once
// Words and numbers in SVG and HTML.

#include <string>
#include <string_view>

namespace weft {

/// Any text as the content of an element: what XML takes for markup is escaped, what shown() hides
/// is hidden.
std::string xml_text(std::string_view text);

/// About how many pixels a label takes in the font of our pictures, of `size` pixels.
double label_width(std::string_view text, double size);

/// With at most two digits behind the point: "12", "0.25".
std::string svg_number(double number);

/// Fonts of labels, for CSS: for any script that the reader's machine has.
inline constexpr std::string_view kSvgFonts =
    "system-ui,'Noto Sans','DejaVu Sans','Noto Sans CJK SC',sans-serif";

}  // namespace weft

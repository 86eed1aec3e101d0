#pragma once
// SVG as PNG.

#include <string>
#include <string_view>

namespace weft {

/// `svg` as a PNG file of `scale` times its size, smaller where a side would have over 16,000
/// pixels. librsvg draws it, which shapes words of every script; it is loaded when it is first
/// needed (Debian's LibTorch has it among its libraries). Throws UserError if it is not there,
/// std::invalid_argument if it cannot read `svg`.
std::string svg_to_png(std::string_view svg, double scale = 2);

}  // namespace weft

#pragma once
// One pair of functions a format: sizes from the header, then all pixels. Each throws FormatError.

#include <cstdint>
#include <string_view>

#include "media/picture.h"

namespace weft {

/// Pictures by their sizes alone.
struct PictureSize {
  int64_t height = 0;
  int64_t width = 0;
};

PictureSize jpeg_size(std::string_view file);
Picture decode_jpeg(std::string_view file);
PictureSize png_size(std::string_view file);
Picture decode_png(std::string_view file);
PictureSize webp_size(std::string_view file);
Picture decode_webp(std::string_view file);
/// PGM and PPM, binary or as text.
PictureSize pnm_size(std::string_view file);
Picture decode_pnm(std::string_view file);

/// From red, green, blue and alpha to the first three, over white.
Picture over_white(PictureSize size, const std::vector<uint8_t>& rgba);

}  // namespace weft

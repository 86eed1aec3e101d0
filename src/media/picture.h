#pragma once
// Pictures from the bytes of files, which are not trusted.

#include <cstdint>
#include <string_view>
#include <vector>

namespace weft {

/// 8 bits a channel, row by row, the channels of a pixel side by side.
struct Picture {
  int64_t height = 0;
  int64_t width = 0;
  int64_t channels = 3;  ///< 3: red, green, blue; 1: grey
  std::vector<uint8_t> pixels;
};

enum class PictureFormat { kJpeg, kPng, kWebp, kPnm };

struct PictureHeader {
  PictureFormat format = PictureFormat::kJpeg;
  int64_t height = 0;
  int64_t width = 0;
};

/// What a file says of itself, without decoding it. Throws FormatError if it is no picture, or has
/// fewer than 2 pixels on a side, more than 30,000 on a side, or more than 64 million.
PictureHeader read_picture_header(std::string_view file);

/// Three channels, as the picture is to be seen: turned as EXIF says (JPEG), transparent parts over
/// white, CMYK as red, green and blue, 16 bits rounded to 8. Throws FormatError, also if the file
/// is damaged or ends too early.
Picture decode_picture(std::string_view file);

/// ITU-R 601's luma, as Pillow's.
Picture to_grey(const Picture& picture);

}  // namespace weft

#pragma once
// What a JPEG file says beside its pixels.

#include <string_view>

namespace weft {

struct JpegSegments {
  int orientation = 1;  ///< EXIF's tag 0x0112, 1 ... 8; 1: as it is
  bool adobe = false;   ///< has Adobe's marker: CMYK is stored inverted
};

/// Looks at the segments before the pixels; what it does not understand it leaves out.
JpegSegments read_jpeg_segments(std::string_view file);

}  // namespace weft

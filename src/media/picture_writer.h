#pragma once
// Pictures as files.

#include <string>

#include "media/picture.h"

namespace weft {

/// A PNG file of 1 (grey) or 3 channels.
std::string encode_png(const Picture& picture);

/// A PNG file that is white all over, and as opaque as the grey picture `opacity` says: a light to
/// lay over another picture.
std::string encode_white_png(const Picture& opacity);

/// A JPEG file of quality 85, of 1 or 3 channels.
std::string encode_jpeg(const Picture& picture);

/// The file as it stands in HTML and SVG: "data:image/png;base64,...".
std::string data_uri(const std::string& type, const std::string& bytes);

}  // namespace weft

#pragma once

#include <string>

#include "media/picture.h"

namespace weft {

/// A PNG file of 1 (grey) or 3 channels.
std::string encode_png(const Picture& picture);

}  // namespace weft

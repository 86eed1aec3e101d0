#pragma once
// Options as keys: what makes the same numbers has the same text.

#include <string>

#include "config/media_options.h"

namespace weft {

std::string option_text(const ImageOptions& options);
std::string option_text(const AudioOptions& options);

}  // namespace weft

#pragma once
// Where lines stand, for messages about what they name.

#include <cstddef>
#include <functional>

#include "base/error.h"

namespace weft {

/// Where line `index` of source `source` stands, both from 0.
using SourcePlace = std::function<Location(std::size_t source, std::size_t index)>;

}  // namespace weft

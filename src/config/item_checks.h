#pragma once
// What must hold between the keys of sources that are not text.

#include "config/checker.h"
#include "config/config.h"

namespace weft {

/// Adds to the problems of `checker`.
void check_items(const Config& config, Checker& checker);

}  // namespace weft

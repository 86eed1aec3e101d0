#pragma once
// Which keys two configs disagree on.

#include <string>
#include <vector>

#include "config/config.h"

namespace weft {

/// Paths of the keys whose values differ, in the order of the schema; empty for equal configs.
std::vector<std::string> differing_keys(const Config& a, const Config& b);

}  // namespace weft

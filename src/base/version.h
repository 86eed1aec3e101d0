#pragma once
// The version of Weft, as the build has it.

#include <string>

namespace weft {

/// "0.1.0"
std::string version();

}  // namespace weft

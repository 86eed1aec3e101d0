#pragma once
// A fitted config as YAML for people.

#include <string>

#include "init/fitted_config.h"

namespace weft {

/// The chosen keys with their values, each with its reason behind it or above it; `heading` (lines
/// without "#") comes first. Keys that keep their defaults are left out. Reads back to the same
/// config.
std::string config_text(const FittedConfig& fitted, const std::string& heading);

}  // namespace weft

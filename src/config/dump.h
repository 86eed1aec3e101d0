#pragma once
// Config to YAML.

#include <string>

#include "config/config.h"

namespace weft {

enum class DumpStyle {
  kValues,    ///< keys and values alone
  kWithHelp,  ///< above each key a comment: what it is and what it takes
};

/// Every key with its value, defaults included, in the order of the schema. Reads back to the
/// identical config.
std::string dump_config(const Config& config, DumpStyle style = DumpStyle::kValues);

}  // namespace weft

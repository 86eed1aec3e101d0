#pragma once
// Config to YAML.

#include <string>

#include "config/checks.h"
#include "config/config.h"

namespace weft {

enum class DumpStyle {
  kValues,    ///< keys and values alone
  kWithHelp,  ///< above each key a comment: what it is and what it takes
};

/// Every key with its value, defaults included, in the order of the schema. Reads back to the
/// identical config.
std::string dump_config(const Config& config, DumpStyle style = DumpStyle::kValues);

/// The same, with a comment behind each value: the file and line it stands in, the option that set
/// it, or "default".
std::string explain_config(const Config& config, const KeyPlaces& places);

}  // namespace weft

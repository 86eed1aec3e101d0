#pragma once
// The list of every key, for documentation and `weft train --help-config`.

#include <string>
#include <vector>

namespace weft {

struct KeyInfo {
  std::string path;  ///< "model.encoder.hidden"
  std::string
      type;  ///< "integer", "number", "boolean", "choice", "text", "period", "device", "paths"
  std::string default_value;  ///< as YAML
  std::string expected;       ///< "an integer >= 1", "gru or lstm"
  std::string help;           ///< one line
};

/// In the order of the schema.
std::vector<KeyInfo> config_keys();

}  // namespace weft

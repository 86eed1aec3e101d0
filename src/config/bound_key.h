#pragma once
// The keys of one Config as a flat list, each able to read and write its field: what the schema
// becomes once types no longer matter.

#include <functional>
#include <string>
#include <vector>

#include "config/config.h"

namespace weft {

struct OldKeys;

struct BoundKey {
  std::string section;   ///< "model.encoder"
  std::string name;      ///< "hidden"
  std::string type;      ///< "integer", "number", "boolean", "choice", "text", "period", "device",
                         ///< "paths", "texts", "integers", "numbers", "choices"
  std::string expected;  ///< "an integer >= 1": continues "...; expected "
  std::string help;
  bool takes_list = false;  ///< false: read takes exactly one text
  /// Sets the field from the texts of the YAML scalars. Returns "" if all is well, else what was
  /// expected (mostly `expected`) and leaves the field alone.
  std::function<std::string(const std::vector<std::string>&)> read;
  /// The field's value as YAML on one line.
  std::function<std::string()> write;

  std::string path() const { return section + "." + name; }
};

/// Every key of the schema, in its order, bound to the fields of `config`, which must outlive them.
std::vector<BoundKey> bind_keys(Config& config);
std::vector<BoundKey> bind_keys(OldKeys& keys);

}  // namespace weft

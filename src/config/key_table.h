#pragma once
// Looks keys and sections up by their path, and finds what a wrong name was meant to be.

#include <string>
#include <vector>

#include "config/bound_key.h"

namespace weft {

/// Paths are "section.subsection.key"; the top level is "".
class KeyTable {
 public:
  explicit KeyTable(Config& config) : keys_(bind_keys(config)) {}

  const std::vector<BoundKey>& keys() const { return keys_; }
  /// Null if there is no such key.
  const BoundKey* find(const std::string& path) const;
  bool is_section(const std::string& path) const;
  /// Names of the keys and sections directly inside, in the order of the schema.
  std::vector<std::string> names_in(const std::string& section) const;
  /// "unknown key 'hiden' in 'model.encoder'; did you mean 'hidden'?": one line that names the
  /// place a misplaced name belongs to, else the nearest name, else all that are valid here.
  std::string describe_unknown(const std::string& section, const std::string& name) const;

 private:
  /// Sections that hold a key or section of this name.
  std::vector<std::string> homes_of(const std::string& name) const;
  std::string suggestion(const std::string& section, const std::string& name) const;

  std::vector<BoundKey> keys_;
};

/// "model.encoder" and "hidden" as one path; either may be "".
std::string join_path(const std::string& section, const std::string& name);

}  // namespace weft

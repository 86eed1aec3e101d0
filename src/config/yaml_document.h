#pragma once
// YAML text to one yaml-cpp tree, refusing what yaml-cpp would pass over in silence.

#include <yaml-cpp/yaml.h>

#include <string>

#include "base/error.h"

namespace weft {

/// The tree of the one document in `yaml`. Throws UserError with a place in `file_name` on invalid
/// UTF-8 or control characters, tabs that indent, wrong syntax, no document or more than one.
YAML::Node parse_yaml(const std::string& yaml, const std::string& file_name);

/// Throws UserError with a place in `name` on invalid UTF-8, and on control characters but tabs and
/// ends of lines. (yaml-cpp replaces invalid UTF-8 by U+FFFD, and takes byte 0x04 for the end.)
void require_text(const std::string& text, const std::string& name);

/// Where `node` begins; line and column 0 if yaml-cpp does not know.
Location place_of(const YAML::Node& node, const std::string& file_name);

}  // namespace weft

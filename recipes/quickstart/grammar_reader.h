#pragma once

#include <string>

#include "quickstart/grammar.h"

namespace weft::quickstart {

/// Reads a grammar file (format: README.md beside this file) into categories, each as often as it
/// is used with other arguments. Throws UserError with file and line.
Grammar read_grammar(const std::string& path);

}  // namespace weft::quickstart

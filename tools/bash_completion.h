#pragma once
// Completion of command lines in bash.

#include <CLI/CLI.hpp>
#include <string>

namespace weft {

/// A script for bash that completes commands, options, and the values of options that have few. It
/// is made from the options themselves, so that it cannot fall behind them.
std::string bash_completion(const CLI::App& app);

}  // namespace weft

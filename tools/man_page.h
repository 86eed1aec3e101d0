#pragma once
// The manual page.

#include <CLI/CLI.hpp>
#include <string>

namespace weft {

/// weft(1) in the man macros of troff: every command with its options, made from the options
/// themselves, so that it cannot fall behind them.
std::string man_page(const CLI::App& app);

}  // namespace weft

#pragma once
// The program without its start and end: a command line in, an exit status out.

#include <CLI/CLI.hpp>

namespace weft {

/// Adds commands to the program.
using AddCommands = void (*)(CLI::App& app);

/// The options of the program itself, and the commands. `quiet` gets the value of --quiet.
void add_program(CLI::App& app, bool& quiet, AddCommands add);

/// Runs a command line. A person's mistake is told on standard error and gives 2, a failure of ours
/// 1, a signal that stopped the work 128 + its number.
int run_program(int argc, const char* const* argv, AddCommands add);

}  // namespace weft

#pragma once
// A command of the person's, run by the shell.

#include <functional>
#include <string>

namespace weft {

/// What a command that has ended leaves.
struct ShellOutput {
  std::string text;     ///< its standard output
  std::string problem;  ///< "exit status 3", "signal 11"; empty: it ended well
};

/// Runs `command` by /bin/sh with `input` as its standard input, in a process group of its own; its
/// standard error is this program's. `is_cancelled` is asked several times a second; throws
/// Cancelled if it says so. What the command has started and left running is killed. Throws UserError if
/// it cannot be started.
ShellOutput run_shell(const std::string& command, const std::string& input,
                      const std::function<bool()>& is_cancelled = {});

}  // namespace weft

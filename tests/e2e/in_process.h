#pragma once
// Command lines without a process for each, which would take minutes where there are thousands.

#include <string>
#include <vector>

namespace weft::e2e {

struct OutcomeHere {
  int status = 0;
  std::string err;
};

/// Runs `weft ARGUMENTS` in this process, with nothing on standard input.
OutcomeHere run_here(std::vector<std::string> arguments);

/// An option of a command.
struct KnownOption {
  std::string name;  ///< "--beam-size"
  bool is_flag = false;
};

struct KnownCommand {
  std::string name;  ///< "bench train"
  std::vector<KnownOption> options;
};

/// Every command of weft, with its options that have long names.
std::vector<KnownCommand> known_commands();

}  // namespace weft::e2e

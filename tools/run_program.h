#pragma once
// The program without its start and end: a command line in, an exit status out.

namespace weft {

/// Runs a command line. A person's mistake is told on standard error and gives 2, a failure of ours
/// 1, a signal that stopped the work 128 + its number.
int run_program(int argc, const char* const* argv);

}  // namespace weft

#pragma once
// The commands that need models are in libraries, of which the program loads one when it is asked
// for a command.

namespace weft {

/// What weft_run_program() of the library without LibTorch returns, before it has read or written
/// anything but configs, where the command needs LibTorch; no exit status.
inline constexpr int kNeedsLibTorch = -1;

}  // namespace weft

/// run_program() with the library's commands.
extern "C" int weft_run_program(int argc, const char* const* argv);

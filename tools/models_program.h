#pragma once
// The commands that need LibTorch are a library that the program loads when it is asked for one.

/// run_program() with all commands.
extern "C" int weft_run_program(int argc, const char* const* argv);

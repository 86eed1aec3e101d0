#pragma once
// The subcommands. Each adds itself to the program, with a callback that runs it.

#include <CLI/CLI.hpp>

namespace weft {

void add_init_command(CLI::App& app);
void add_train_command(CLI::App& app);
void add_translate_command(CLI::App& app);
void add_align_command(CLI::App& app);
void add_evaluate_command(CLI::App& app);
void add_bench_command(CLI::App& app);

}  // namespace weft

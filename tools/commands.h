#pragma once
// The subcommands. Each adds itself to the program, with a callback that runs it.

#include <CLI/CLI.hpp>
#include <string>

namespace weft {

void add_init_command(CLI::App& app);
void add_train_command(CLI::App& app);
void add_check_command(CLI::App& app);
void add_translate_command(CLI::App& app);
void add_score_command(CLI::App& app);
void add_align_command(CLI::App& app);
void add_consensus_command(CLI::App& app);
void add_tune_command(CLI::App& app);
void add_average_command(CLI::App& app);
void add_inspect_command(CLI::App& app);
void add_import_command(CLI::App& app);
void add_export_command(CLI::App& app);
/// `weft bench` without what it measures, which is added to it.
CLI::App& add_bench_command(CLI::App& app);
void add_serve_command(CLI::App& app);

// Those that need no model, and so no LibTorch, which takes a fifth of a second to load.
void add_aligner_command(CLI::App& app);
void add_lexicon_command(CLI::App& app);
void add_symmetrize_command(CLI::App& app);
void add_evaluate_command(CLI::App& app);
void add_evaluate_alignment_command(CLI::App& app);
void add_plot_command(CLI::App& app);
void add_compare_command(CLI::App& app);

/// What `weft evaluate` has for an option of sacreBLEU that is called otherwise there; "" if
/// nothing.
std::string sacrebleu_spelling(const std::string& argument);

/// All of them.
void add_commands(CLI::App& app);
/// Those that need no model.
void add_text_commands(CLI::App& app);

}  // namespace weft

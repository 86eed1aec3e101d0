// weft compare

#include <memory>

#include "app/compare_files.h"
#include "commands.h"

namespace weft {

void add_compare_command(CLI::App& app) {
  auto* command = app.add_subcommand(
      "compare", "Show the alignments of several models side by side, as a page");
  auto task = std::make_shared<ComparisonTask>();
  command
      ->add_option("alignments", task->alignments,
                   "[NAME=]FILE: alignments in JSON, as --alignment json writes them, one file for "
                   "each model")
      ->required();
  command->add_option("-o,--output", task->output, "File for the page (HTML); - is standard output")
      ->capture_default_str();
  command->callback([task] { compare_files(*task); });
}

}  // namespace weft

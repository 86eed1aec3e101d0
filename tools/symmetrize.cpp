// weft symmetrize

#include <memory>

#include "app/link_files.h"
#include "commands.h"
#include "option_helpers.h"

namespace weft {

void add_symmetrize_command(CLI::App& app) {
  auto* command =
      app.add_subcommand("symmetrize", "Make one set of word links from those of two directions");
  auto task = std::make_shared<SymmetrizeTask>();
  auto from_one = std::make_shared<bool>(false);
  command
      ->add_option("forward", task->forward,
                   "Pharaoh links that give each target word at most one source word")
      ->required();
  command
      ->add_option("backward", task->backward,
                   "Links of the other direction, written source-target too")
      ->required();
  add_enum_option(*command, "--method,--symmetrize", task->method,
                  "How the two become one set of links");
  command->add_flag("--backward-reversed", task->backward_reversed,
                    "Links of the other direction are written target-source");
  command->add_flag("--from-one", *from_one, "Links count words from 1");
  command->add_option("-o,--output", task->output, "File for the links; - is standard output")
      ->capture_default_str();
  command->callback([task, from_one] {
    task->first = *from_one ? FirstPosition::kOne : FirstPosition::kZero;
    symmetrize_files(*task);
  });
}

}  // namespace weft

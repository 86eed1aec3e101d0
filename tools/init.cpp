// weft init

#include "init/init.h"

#include <memory>

#include "commands.h"

namespace weft {

void add_init_command(CLI::App& app) {
  auto* command =
      app.add_subcommand("init", "Write the config for a text of your own, fitted to it");
  auto options = std::make_shared<InitOptions>();
  command
      ->add_option("-s,--source", options->sources,
                   "Sentences, one a line, plain or compressed; several files count as one text")
      ->required();
  command->add_option("-t,--target", options->targets, "Their translations, line by line")
      ->required();
  command->add_option("--valid-source", options->valid_sources,
                      "Validation sentences [lines split off from the text]");
  command->add_option("--valid-target", options->valid_targets, "Their translations");
  command->add_option("-o,--output", options->output, "Name of the config; not overwritten")
      ->capture_default_str();
  command->callback([options] { init_config(*options, this_machine()); });
}

}  // namespace weft

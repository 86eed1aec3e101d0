// weft average, weft inspect

#include <iostream>
#include <memory>

#include "app/average_models.h"
#include "app/inspect_model.h"
#include "commands.h"

namespace weft {

void add_average_command(CLI::App& app) {
  auto* command =
      app.add_subcommand("average", "Make a model of the mean weights of several of one training");
  auto task = std::make_shared<AverageTask>();
  command
      ->add_option("models", task->models,
                   "Model directories, and files of weights or checkpoints in them; one checkpoint "
                   "alone: a model of the last weights")
      ->required()
      ->expected(1, 1000);
  command->add_option("-o,--output", task->output, "Directory for the new model")->required();
  command->callback([task] { average_models(*task); });
}

void add_inspect_command(CLI::App& app) {
  auto* command = app.add_subcommand(
      "inspect", "Show a model's origin, vocabularies and parameters with their shapes");
  auto directory = std::make_shared<std::string>();
  command->add_option("model,-m,--model", *directory, "Model directory")->required();
  command->callback([directory] { inspect_model(*directory, std::cout); });
}

}  // namespace weft

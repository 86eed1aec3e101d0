// weft train

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "commands.h"
#include "config/checks.h"
#include "config/config_reader.h"
#include "config/dump.h"
#include "options.h"
#include "stop_signal.h"
#include "train/training_run.h"

namespace weft {
namespace {

struct TrainArguments {
  std::string config_path;
  std::optional<std::string> directory;
  std::vector<std::string> overrides;
  std::optional<DeviceChoice> device;
  bool dump_config = false;
  bool explain_config = false;
};

void run_train(const TrainArguments& arguments) {
  if (arguments.explain_config) {
    const auto reading = read_config_anyway(arguments.config_path, arguments.overrides);
    std::cout << explain_config(reading.config, reading.places);
    reading.throw_if_wrong();
    return;
  }
  auto config = read_config(arguments.config_path, arguments.overrides);
  config.training.device = arguments.device.value_or(config.training.device);
  if (arguments.dump_config) {
    std::cout << dump_config(config, DumpStyle::kWithHelp);
    return;
  }
  require_training_files(config, arguments.config_path);
  const auto directory = arguments.directory.value_or(
      "runs/" + std::filesystem::path(arguments.config_path).stem().string());
  if (directory.empty()) throw UserError("--model is empty; expected a directory");
  watch_stop_signals();
  const auto end =
      train_model(config, directory, {stop_requested, stop_requested}, launch_from_environment());
  if (end == TrainingEnd::kInterrupted) {
    take_for_interrupted();
  } else {
    disregard_stop_signal();
  }
}

}  // namespace

void add_train_command(CLI::App& app) {
  auto* command = app.add_subcommand("train", "Train a model, or resume its training");
  auto arguments = std::make_shared<TrainArguments>();
  add_config_options(*command, arguments->config_path, arguments->overrides);
  command->add_option("-m,--model", arguments->directory, "Model directory [runs/NAME_OF_CONFIG]");
  add_device_option(*command, arguments->device, "the config's training.device");
  command->add_flag("--dump-config", arguments->dump_config,
                    "Print the resolved config, explained, and stop");
  command->add_flag("--explain-config", arguments->explain_config,
                    "Print the resolved config, each value with where it comes from, and stop");
  command->callback([arguments] { run_train(*arguments); });
}

}  // namespace weft

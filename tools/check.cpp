// weft check

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "commands.h"
#include "config/checks.h"
#include "config/config_reader.h"
#include "config/dump.h"
#include "kernels/machine.h"
#include "options.h"
#include "scratch_directory.h"
#include "train/check_run.h"

namespace weft {
namespace {

struct CheckArguments {
  std::string config_path;
  std::string directory;
  std::vector<std::string> overrides;
  std::optional<DeviceChoice> device;
  bool explain_config = false;
  bool no_dry_run = false;
};

/// The config, if nothing is wrong with it or its files. Throws UserError with all that is.
Config checked_config(const CheckArguments& arguments) {
  auto reading = read_config_anyway(arguments.config_path, arguments.overrides);
  if (arguments.explain_config) std::cout << explain_config(reading.config, reading.places);
  Problems problems;
  for (const auto& problem : reading.problems) problems.add(problem.place, problem.message);
  reading.config.training.device = arguments.device.value_or(reading.config.training.device);
  if (!problems.empty()) {
    check_texts(reading.config, reading.places, problems);
  } else {
    require_training_files(reading.config, arguments.config_path);
    check_run(reading.config, arguments.directory, problems);
  }
  problems.throw_if_any();
  return std::move(reading.config);
}

void run_check(const CheckArguments& arguments) {
  const auto config = checked_config(arguments);
  if (arguments.explain_config) return;
  if (!arguments.no_dry_run) {
    set_log_level(LogLevel::kWarning);
    use_machine(static_cast<int>(config.training.threads));
    const ScratchDirectory scratch;
    for (const auto& line : dry_run(config, scratch.path())) std::cout << line << '\n';
  }
  std::cout << arguments.config_path << ": no mistakes\n";
}

}  // namespace

void add_check_command(CLI::App& app) {
  auto* command =
      app.add_subcommand("check", "Find what is wrong with a config and its files, in seconds");
  auto arguments = std::make_shared<CheckArguments>();
  add_config_options(*command, arguments->config_path, arguments->overrides);
  command->add_option("-m,--model", arguments->directory,
                      "Model directory of a run that the config would go on with");
  add_device_option(*command, arguments->device, "the config's training.device");
  command->add_flag("--explain-config", arguments->explain_config,
                    "Print the resolved config, each value with where it comes from, and stop");
  command->add_flag("--no-dry-run", arguments->no_dry_run,
                    "Read the files alone; train and validate on no batch");
  command->callback([arguments] { run_check(*arguments); });
}

}  // namespace weft

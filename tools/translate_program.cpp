// What main() loads for `weft translate`, which is without LibTorch as long as nothing needs it.

#include <CLI/CLI.hpp>

#include "alone/needs_libtorch.h"
#include "commands.h"
#include "models_program.h"
#include "options.h"
#include "run_program.h"

namespace weft {
namespace {

struct NeedsLibTorch {};

void add_command(CLI::App& app) {
  add_translate_command(app);
  auto* command = app.get_subcommand("translate");
  command->parse_complete_callback([command] {
    const auto devices = command->get_option("--device")->results();
    const auto device = devices.empty() ? DeviceChoice() : device_of(devices.back());
    if (needs_libtorch(command->get_option("--model")->results(), device)) throw NeedsLibTorch();
  });
}

}  // namespace
}  // namespace weft

__attribute__((visibility("default"))) int weft_run_program(int argc, const char* const* argv) {
  try {
    return weft::run_program(argc, argv, weft::add_command);
  } catch (const weft::NeedsLibTorch&) {
    return weft::kNeedsLibTorch;
  }
}

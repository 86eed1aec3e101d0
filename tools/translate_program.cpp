// What main() loads for `weft translate`, `score`, `align` and `bench translate`, which are without
// LibTorch as long as nothing needs it.

#include <CLI/CLI.hpp>

#include "bench.h"
#include "commands.h"
#include "models_program.h"
#include "nn/tensor_library.h"
#include "run_program.h"

namespace weft {
namespace {

void add_commands_without_libtorch(CLI::App& app) {
  add_translate_command(app);
  add_score_command(app);
  add_align_command(app);
  add_bench_translate_command(add_bench_command(app));
}

}  // namespace
}  // namespace weft

__attribute__((visibility("default"))) int weft_run_program(int argc, const char* const* argv) {
  try {
    return weft::run_program(argc, argv, weft::add_commands_without_libtorch);
  } catch (const weft::NeedsLibTorch&) {
    return weft::kNeedsLibTorch;
  }
}

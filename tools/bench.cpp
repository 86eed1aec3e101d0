// weft bench: how fast Weft is on this machine.

#include "bench.h"

#include "base/error.h"
#include "bench_process.h"
#include "commands.h"
#include "config/enum_names.h"
#include "options.h"

namespace weft {

void require_one_source(const std::string& file, const Config& config) {
  const auto sources = config.data.source_kind.size();
  if (sources == 1 && config.data.source_kind.front() != SourceKind::kText)
    throw UserError({file}, "data.source_kind is " + to_name(config.data.source_kind.front()) +
                                "; expected text, because weft bench counts words");
  if (sources == 1) return;
  throw UserError({file}, "data.source_kind has " + std::to_string(sources) +
                              " sources; expected one, because weft bench counts the words of one");
}

void add_bench_options(CLI::App& command, const BenchOptions& options,
                       const std::string& other_device) {
  command
      .add_option("--threads", options.threads,
                  "Numbers of threads, separated by commas; 0: as many as the machine has cores")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(integer_in(thread_count()));
  command.add_option("--precision", options.precisions, "Precisions, separated by commas")
      ->delimiter(',')
      ->allow_extra_args(false);
  add_device_option(command, options.device, other_device);
  add_bench_json_option(command, options.json_path);
  command.add_option(kMeasuredFrom, options.measured_from)->group("");
}

void add_bench_json_option(CLI::App& command, std::optional<std::string>& path) {
  command.add_option(
      "--json", path,
      "File for the results as JSON, one object a line; -: standard output, without the table");
}

CLI::App& add_bench_command(CLI::App& app) {
  auto* bench =
      app.add_subcommand("bench", "Measure the speed of training, translating and matrix products");
  bench->require_subcommand(1);
  return *bench;
}

}  // namespace weft

#include "commands.h"

#include "bench.h"

namespace weft {

void add_commands(CLI::App& app) {
  add_init_command(app);
  add_check_command(app);
  add_train_command(app);
  add_translate_command(app);
  add_score_command(app);
  add_align_command(app);
  add_serve_command(app);
  add_tune_command(app);
  add_consensus_command(app);
  add_average_command(app);
  add_inspect_command(app);
  add_import_command(app);
  add_export_command(app);
  add_text_commands(app);
  auto& bench = add_bench_command(app);
  add_bench_train_command(bench);
  add_bench_translate_command(bench);
  add_bench_products_command(bench);
}

}  // namespace weft

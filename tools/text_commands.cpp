#include "commands.h"

namespace weft {

void add_text_commands(CLI::App& app) {
  add_aligner_command(app);
  add_lexicon_command(app);
  add_symmetrize_command(app);
  add_evaluate_command(app);
  add_evaluate_alignment_command(app);
  add_plot_command(app);
  add_compare_command(app);
}

}  // namespace weft

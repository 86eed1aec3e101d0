// weft consensus

#include <memory>

#include "app/consensus_files.h"
#include "commands.h"
#include "config/rules.h"
#include "option_helpers.h"

namespace weft {

void add_consensus_command(CLI::App& app) {
  auto* command = app.add_subcommand(
      "consensus",
      "Choose for each line the translation that those of several systems agree with most");
  auto task = std::make_shared<ConsensusTask>();
  command
      ->add_option("lists", task->lists,
                   "Lists of translations in Moses' form, as weft translate --n-best writes them, "
                   "or files of one translation a line")
      ->required();
  command->add_option("--weights", task->weights, "Weight of each list, as 2,1 [all alike]")
      ->delimiter(',')
      ->check(number_in(above_up_to(0, 1000)));
  add_enum_option(*command, "--metric", task->utility, "Measure of how alike translations are");
  add_enum_option(*command, "--tokenizer", task->tokenizer, "Tokenizer of --metric bleu");
  command->add_flag("--samples", task->alike,
                    "Translations of a list count alike, because they are samples, not by their "
                    "scores");
  command
      ->add_option("-o,--output", task->output, "File for the translations; - is standard output")
      ->capture_default_str();
  command->callback([task] { combine_lists(*task); });
}

}  // namespace weft

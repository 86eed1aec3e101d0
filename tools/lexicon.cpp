// weft lexicon

#include <memory>

#include "app/lexicon_files.h"
#include "commands.h"
#include "option_helpers.h"

namespace weft {

void add_lexicon_command(CLI::App& app) {
  auto* command = app.add_subcommand(
      "lexicon", "Print translation probabilities of words, as weft aligner has learnt them");
  auto task = std::make_shared<LexiconTask>();
  command->add_option("-m,--model", task->model, "Directory that weft aligner --save made")
      ->required();
  command->add_option("words", task->words, "Source words whose translations are printed [all]");
  const auto least = [command](const std::string& name, double& value, double most,
                               const std::string& help) {
    command->add_option(name, value, help)
        ->check(number_in(within(0, most)))
        ->capture_default_str();
  };
  least("--min-probability", task->least_probability, 1.0,
        "Least probability of a target word given the source word");
  least("--min-count", task->least_count, 1e9, "Least expected number of links of a pair of words");
  add_enum_option(
      *command, "--format", task->format,
      "tsv: source, target, p(target|source), p(source|target), count; json: one object "
      "a line; moses: 'target source p'");
  command->add_option("-o,--output", task->output, "File for the table; - is standard output")
      ->capture_default_str();
  command->callback([task] { write_lexicon(*task); });
}

}  // namespace weft

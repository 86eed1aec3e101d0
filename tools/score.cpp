// weft score

#include <memory>

#include "app/score_files.h"
#include "commands.h"
#include "config/rules.h"
#include "decoding_options.h"
#include "kernels/machine.h"
#include "option_helpers.h"
#include "options.h"

namespace weft {
namespace {

struct ScoreArguments {
  ScoringTask task;
  int threads = 0;
};

}  // namespace

void add_score_command(CLI::App& app) {
  auto* command = app.add_subcommand(
      "score",
      "Score given translations: log p and the score that ranks translations, a line each");
  auto arguments = std::make_shared<ScoreArguments>();
  auto& task = arguments->task;
  command->add_option("-m,--model", task.models, "Model directory; several make an ensemble")
      ->required();
  command
      ->add_option("-s,--source", task.sources,
                   "Source sentences, one a line; one file for each source of the model")
      ->required();
  auto* target = command->add_option("-t,--target", task.target,
                                     "Translations of the source sentences, one a line");
  auto* list =
      command
          ->add_option(
              "--n-best", task.n_best,
              "List of translations in Moses' form, whose ids are lines of the source, instead")
          ->excludes(target);
  command->add_option("-o,--output", task.output, "File for the scores; - is standard output")
      ->capture_default_str();
  command
      ->add_option("--feature", task.feature, "Name of the new score among the features of a list")
      ->needs(list)
      ->capture_default_str();
  auto* rerank =
      command
          ->add_option("--rerank", task.rerank,
                       "In place of the list, the best translation of each source line, by this "
                       "part of the score here and the rest of that in the list's last field")
          ->check(number_in(within(0, 1)))
          ->needs(list);
  auto* words = command->add_flag(
      "--words", task.words, "log p of every word, and of the end of sentence, after the scores");
  command->add_flag("--summary", task.summary, "The totals and the perplexity alone")
      ->excludes(words)
      ->excludes(rerank);
  add_search_options(*command, task.decoding);
  add_length_options(*command, task.decoding);
  add_threads_option(*command, arguments->threads);
  add_source_root_option(*command, task.source_root);
  add_device_option(*command, task.device, "auto");
  command->callback([arguments, target] {
    const auto& scored = arguments->task;
    if (scored.target.empty() && scored.n_best.empty())
      throw CLI::RequiredError(target->get_name() + " or --n-best");
    use_machine(arguments->threads);
    score_files(arguments->task);
  });
}

}  // namespace weft

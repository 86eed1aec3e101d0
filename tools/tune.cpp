// weft tune

#include <memory>

#include "app/tune_files.h"
#include "commands.h"
#include "decoding_options.h"
#include "kernels/machine.h"
#include "option_helpers.h"
#include "options.h"

namespace weft {
namespace {

struct TuneArguments {
  TuningTask task;
  int threads = 0;
};

}  // namespace

void add_tune_command(CLI::App& app) {
  auto* command = app.add_subcommand("tune",
                                     "Find the length normalization, word penalty and brevity "
                                     "penalty that suit a validation text");
  auto arguments = std::make_shared<TuneArguments>();
  auto& task = arguments->task;
  command->add_option("-m,--model", task.models, "Model directory; several make an ensemble")
      ->required();
  command
      ->add_option("-s,--source", task.sources,
                   "Validation sentences, one a line, never those of a test; one file for each "
                   "source of the model")
      ->required();
  command
      ->add_option("-t,--target", task.reference,
                   "Their translations by people, which BLEU is computed with")
      ->required();
  add_enum_option(*command, "--tokenizer", task.tokenizer, "Tokenizer for BLEU");
  command->add_flag("--save", task.saves,
                    "Values found written into the models' configs, for all that translates with "
                    "them from now on");
  add_search_options(*command, task.decoding);
  add_length_options(*command, task.decoding);
  add_threads_option(*command, arguments->threads);
  add_source_root_option(*command, task.source_root);
  add_device_option(*command, task.device, "auto");
  command->callback([arguments] {
    use_machine(arguments->threads);
    tune_lengths(arguments->task);
  });
}

}  // namespace weft

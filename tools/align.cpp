// weft align

#include <memory>

#include "app/align_files.h"
#include "commands.h"
#include "kernels/machine.h"
#include "link_options.h"
#include "options.h"

namespace weft {
namespace {

struct AlignArguments {
  AlignmentTask task;
  AlignmentArguments alignment;
  std::optional<WordSplitting> words;
  bool gold_from_one = false;
  int threads = 0;
};

void run_align(const AlignArguments& arguments) {
  use_machine(arguments.threads);
  auto task = arguments.task;
  const bool compares = !task.gold.path.empty();
  task.format = arguments.alignment.answer_format(false);
  arguments.alignment.divert_pictures(task);
  // With gold links standard output has the rates; the alignments go where they are sent.
  if (!task.format.alignment && !task.picture_format && (!compares || task.output != "-"))
    task.format.alignment = AlignmentFormat::kHard;
  task.alignment = arguments.alignment.alignment();
  task.alignment_source = arguments.alignment.aligned_source();
  task.gold.first = arguments.gold_from_one ? FirstPosition::kOne : FirstPosition::kZero;
  task.words =
      arguments.words.value_or(compares ? WordSplitting::kWhitespace : WordSplitting::kAuto);
  align_files(task);
}

}  // namespace

void add_align_command(CLI::App& app) {
  auto* command = app.add_subcommand("align", "Align given sentence pairs (forced decoding)");
  auto arguments = std::make_shared<AlignArguments>();
  auto& task = arguments->task;
  command->add_option("-m,--model", task.model, "Model directory")->required();
  command
      ->add_option("-s,--source", task.sources,
                   "Source sentences, one a line; one file for each source of the model")
      ->required();
  command
      ->add_option("-t,--target", task.target, "Translations of the source sentences, one a line")
      ->required();
  command->add_option("-o,--output", task.output, "File for the alignments; - is standard output")
      ->capture_default_str();
  add_alignment_options(*command, arguments->alignment, "--format,--alignment");
  add_alignment_from_options(*command, task.alignment_from);
  add_gold_options(*command, task.gold, arguments->gold_from_one);
  auto* choose_shift =
      command
          ->add_flag(
              "--choose-shift", task.choose_shift,
              "Find out whether rows describe the word that is predicted, the one before or the "
              "one "
              "after, and store that with the model: by the gold links, or without them by those "
              "of "
              "the word aligner (--aligner, the model's own, or one that learns from these pairs)")
          ->excludes(command->get_option("--alignment-from"));
  add_enum_option(*command, "--words", arguments->words,
                  "What counts as a word [auto; with --gold: whitespace]");
  command->add_flag("--join-source", task.join_source,
                    "Source lines are cut into words the model was not trained on (Chinese with "
                    "spaces): the model "
                    "reads them joined, the alignment keeps the words");
  command->add_flag("--join-target", task.join_target,
                    "Target lines cut into words, as with --join-source");
  command
      ->add_option("--picture", task.pictures,
                   "Directory for a picture of every pair's alignment (SVG and HTML; of a picture "
                   "PNG too)")
      ->excludes(choose_shift);
  add_threads_option(*command, arguments->threads);
  add_source_root_option(*command, task.source_root);
  add_device_option(*command, task.device, "auto");
  command->callback([arguments] { run_align(*arguments); });
}

}  // namespace weft

// weft plot

#include <unistd.h>

#include <memory>

#include "app/plot_files.h"
#include "base/terminal.h"
#include "commands.h"
#include "option_helpers.h"

namespace weft {
namespace {

void run_plot(PlotTask task) {
  task.text.width = terminal_columns(STDOUT_FILENO);
  task.text.colour = ::isatty(STDOUT_FILENO) == 1 && (task.output.empty() || task.output == "-");
  plot_files(task);
}

}  // namespace

void add_plot_command(CLI::App& app) {
  auto* command = app.add_subcommand(
      "plot", "Draw learning curves of runs, or BLEU by the length of the source");
  auto task = std::make_shared<PlotTask>();
  command
      ->add_option("runs", task->runs,
                   "[NAME=]FILE: metrics.jsonl, or the directory of a model that has it; with "
                   "--references, hypotheses, one a line")
      ->required();
  auto* values = command
                     ->add_option("--values", task->values,
                                  "Keys of the metrics, separated by commas, a chart each "
                                  "[loss,bleu,aer,learning_rate, those that there are]")
                     ->delimiter(',');
  auto* scale =
      add_enum_option(*command, "--over", task->scale, "What curves of runs are drawn over");
  auto* references = command->add_option("-r,--references", task->references,
                                         "Reference files, for BLEU by length");
  command
      ->add_option("-s,--source", task->source, "Source of the hypotheses, whose words are counted")
      ->needs(references);
  command
      ->add_option("--lengths", task->lengths,
                   "Most words of a line in each category, separated by commas")
      ->delimiter(',')
      ->check(integer_in(within(1, 1e6)))
      ->needs(references)
      ->default_str("10,20,30,40,50");
  add_enum_option(*command, "--tokenizer", task->tokenizer, "Tokenizer used for BLEU")
      ->needs(references);
  command->add_flag("--lowercase", task->lowercase, "Ignore upper and lower case")
      ->needs(references);
  command->add_option("-o,--output", task->output, "File for the figure; - is standard output [-]");
  add_enum_option(
      *command, "--format", task->format,
      "text: a picture for a terminal [svg or png if the output's name ends so, otherwise text]");
  auto* tensorboard = command->add_option("--tensorboard", task->tensorboard,
                                          "Directory for event files of TensorBoard, a folder for "
                                          "each run; without --output no figure is drawn");
  for (auto* option : {values, scale, tensorboard}) option->excludes(references);
  command->callback([task] { run_plot(*task); });
}

}  // namespace weft

// weft import, weft export

#include <array>
#include <memory>

#include "app/exchange_models.h"
#include "commands.h"
#include "option_helpers.h"

namespace weft {

constexpr auto enum_names(Toolkit) {
  return std::array{EnumName{Toolkit::kMarian, "marian"}, EnumName{Toolkit::kNematus, "nematus"}};
}

void add_import_command(CLI::App& app) {
  auto* command = app.add_subcommand(
      "import", "Make a model of a GRU model of Marian or Nematus, with the same translations");
  auto task = std::make_shared<ImportTask>();
  add_enum_option(*command, "--from", task->toolkit,
                  "marian: types s2s, nematus and amun; nematus: either version; both without "
                  "layer normalization")
      ->required();
  command->add_option("model", task->model, "Model of the other toolkit (.npz)")->required();
  command
      ->add_option("--vocabs", task->vocabularies,
                   "Vocabularies of source and target, or one of both: words and numbers (.yml, "
                   ".json), SentencePiece (.spm), or a list of words")
      ->required()
      ->expected(1, 2);
  command->add_option("-o,--output", task->output, "Directory for the new model")->required();
  command->callback([task] { import_model(*task); });
}

void add_export_command(CLI::App& app) {
  auto* command = app.add_subcommand(
      "export", "Write a GRU model for Marian or Nematus, if they have its equations");
  auto task = std::make_shared<ExportTask>();
  add_enum_option(*command, "--to", task->toolkit,
                  "marian: type s2s; nematus: what both of its versions read")
      ->required();
  command->add_option("model,-m,--model", task->model, "Model directory")->required();
  command
      ->add_option("-o,--output", task->output,
                   "File for the model (.npz); vocabularies and settings are written beside it")
      ->required();
  command->callback([task] { export_model(*task); });
}

}  // namespace weft

// weft translate

#include <memory>

#include "app/translate_files.h"
#include "commands.h"
#include "config/rules.h"
#include "decoding_options.h"
#include "kernels/machine.h"
#include "options.h"

namespace weft {
namespace {

struct TranslateArguments {
  TranslationTask task;
  AlignmentArguments alignment;
  int threads = 0;
};

void run_translate(const TranslateArguments& arguments) {
  use_machine(arguments.threads);
  auto task = arguments.task;
  task.format = arguments.alignment.answer_format(task.n_best > 0);
  arguments.alignment.divert_pictures(task);
  task.alignment = arguments.alignment.alignment();
  task.alignment_source = arguments.alignment.aligned_source();
  translate_files(task);
}

void add_choice_options(CLI::App& command, TranslationTask& task) {
  constexpr const char* kChoice = "Choice among translations";
  auto* utility = add_enum_option(command, "--mbr", task.utility,
                                  "Minimum Bayes risk: the translation most like the others of a "
                                  "beam or of samples, by this metric");
  utility->group(kChoice);
  command
      .add_option("--mbr-candidates", task.candidates,
                  "Translations chosen among [the beam size; with --sampling, say how many]")
      ->check(integer_in(hypotheses()))
      ->needs(utility)
      ->group(kChoice);
  add_enum_option(command, "--mbr-tokenizer", task.utility_tokenizer, "Tokenizer of --mbr bleu")
      ->needs(utility)
      ->group(kChoice);
}

}  // namespace

void add_translate_command(CLI::App& app) {
  auto* command = app.add_subcommand("translate", "Translate lines of text");
  auto arguments = std::make_shared<TranslateArguments>();
  auto& task = arguments->task;
  command->add_option("-m,--model", task.models, "Model directory; several make an ensemble")
      ->required();
  command
      ->add_option(
          "-i,--input", task.inputs,
          "Text, one sentence a line; - is standard input; one file for each source of the model")
      ->default_str("-");
  command->add_option("-o,--output", task.output, "File for the translations; - is standard output")
      ->capture_default_str();
  command
      ->add_option("--n-best", task.n_best, "Translations for each line, printed in Moses' format")
      ->check(integer_in(hypotheses()));
  auto* prefix = command->add_option(
      "--prefix", task.prefixes,
      "File with the beginning of each translation, a line for each line; blank: none");
  command
      ->add_option(
          "--prefix-weight", task.prefix_weight,
          "Prefixes are preferred instead of forced: what each of their tokens is worth in "
          "nats while a translation follows them")
      ->check(number_in(above_up_to(0, 1000)))
      ->needs(prefix);
  command->add_option("--suppress", task.suppressed,
                      "File of words that no translation may contain, one a line");
  add_enum_option(*command, "--constraints", task.constraints,
                  "Phrases in the input that a translation must hold; tabs: line<TAB>phrase<TAB>"
                  "phrase; json: {\"text\": line, \"constraints\": [phrases], \"avoid\": [phrases "
                  "that it must not], \"length_ratio\": of the line}");
  add_enum_option(*command, "--tags", task.tags,
                  "xml: tags (<b>, </b>, <x/>), placeholders ({0}, %s), links and entities are not "
                  "translated, but stand in the translation where the alignment puts them; plain: "
                  "placeholders and links alone");
  add_enum_option(*command, "--split", task.splitting,
                  "Lines translated in parts and put together again; long: those beyond "
                  "--max-source-length, at punctuation; sentences: all, sentence by sentence");
  auto* replace = command->add_flag(
      "--replace-unknown", task.replaces_unknown,
      "Unknown words of translations replaced by what --lexicon says of the source words that they "
      "are aligned to, or by these themselves");
  command
      ->add_option("--lexicon", task.table,
                   "Table of words for --replace-unknown: of weft lexicon, or as Moses, Marian and "
                   "fast_align write it")
      ->needs(replace);
  command->add_option(
      "--shortlist", task.shortlist,
      "Table of words, as --lexicon has it, or the directory of an aligner (weft aligner --save; "
      "MODEL/aligner): search is among the tokens that it gives a line alone, which is faster; "
      "none: among all [the model's config]");
  command->add_flag("--copy-numbers", task.copies_numbers,
                    "Numbers of two digits and more required in the translation as they stand");
  add_search_options(*command, task.decoding);
  add_length_options(*command, task.decoding);
  add_sampling_options(*command, task.sampling);
  add_diversity_options(*command, task.diverse_groups, task.diversity);
  add_choice_options(*command, task);
  add_threads_option(*command, arguments->threads);
  add_source_root_option(*command, task.source_root);
  add_device_option(*command, task.device, "auto");
  add_alignment_options(*command, arguments->alignment, "--alignment");
  add_alignment_from_options(*command, task.alignment_from);
  command->add_option(
      "--picture", task.pictures,
      "Directory for a picture of every line's alignment (SVG and HTML; of a picture "
      "PNG too): the whiter, the more a word looked there");
  command->callback([arguments] { run_translate(*arguments); });
}

}  // namespace weft

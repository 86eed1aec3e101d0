#include "options.h"

#include <unistd.h>

#include "base/error.h"
#include "base/terminal.h"
#include "config/enum_names.h"

namespace weft {
namespace {

constexpr const char* kAlignments = "Alignments";

}  // namespace

DeviceChoice device_of(const std::string& text) {
  DeviceChoice device;
  if (!parse_device(text, device))
    throw CLI::ValidationError("--device", "'" + text + "' found; expected " + kDeviceForm);
  return device;
}

AlignmentOptions AlignmentArguments::alignment() const {
  return {unit, keep_end_of_sentence ? EndOfSentence::kKeep : EndOfSentence::kDrop};
}

AnswerFormat AlignmentArguments::answer_format(bool n_best) const {
  AnswerFormat answers{n_best, format, {}};
  answers.rendering.link_threshold = threshold;
  auto& text = answers.rendering.text;
  text.terminal_width =
      width > 0 ? static_cast<std::size_t>(width) : terminal_columns(STDOUT_FILENO);
  text.colour =
      colour == Colour::kAlways || (colour == Colour::kAuto && ::isatty(STDOUT_FILENO) != 0);
  return answers;
}

void AlignmentArguments::require_directory(const std::string& output,
                                           const std::string& pictures) const {
  const auto name = to_name(format.value());
  if (output == "-")
    throw UserError("the format " + std::string(name) +
                    " is a file for each sentence; expected --output with a directory for them");
  if (!pictures.empty())
    throw UserError("the format " + std::string(name) +
                    " writes pictures to --output, and --picture is given; expected one of them");
}

void add_alignment_options(CLI::App& command, AlignmentArguments& arguments,
                           const std::string& format_option) {
  add_enum_option(
      command, format_option, arguments.format,
      "hard: Pharaoh i-j; soft: p,p p,p; matrix: Nematus block; json: one object a "
      "line; text: a picture; html: a page of all; svg, png: a file for each sentence in "
      "the directory that --output names")
      ->group(kAlignments);
  add_enum_option(command, "--alignment-unit", arguments.unit, "Unit of rows and columns")
      ->group(kAlignments);
  command
      .add_flag("--alignment-eos", arguments.keep_end_of_sentence,
                "Keep the row and the column of the end of sentence")
      ->group(kAlignments);
  command
      .add_option(
          "--alignment-threshold", arguments.threshold,
          "Links for all weights above this, instead of the best source word of each target word")
      ->check(number_in(within(0, 1)))
      ->group(kAlignments);
  command
      .add_option("--alignment-source", arguments.source,
                  "Number of the source that is aligned, for models of several sources")
      ->check(integer_in(within(1, 1000)))
      ->capture_default_str()
      ->group(kAlignments);
  add_enum_option(command, "--colour,--color", arguments.colour, "Colours in pictures")
      ->group(kAlignments);
  command
      .add_option("--width", arguments.width,
                  "Width of pictures in columns [the terminal's, or 80]")
      ->check(integer_in(within(20, 10000)))
      ->group(kAlignments);
}

void add_alignment_from_options(CLI::App& command, AskedAlignment& asked) {
  add_enum_option(command, "--alignment-from", asked.from,
                  "What alignments, and the places of tags, are made from: the attention that "
                  "translated, the alignment head, which has read the whole translation, the word "
                  "aligner, or combined: head (without one: attention) and aligner together "
                  "[the model's config; with --aligner: aligner]")
      ->group(kAlignments);
  command
      .add_option("--aligner", asked.aligner,
                  "Directory of weft aligner --save, for alignments from the aligner or combined "
                  "[the one that training kept beside the model]")
      ->group(kAlignments);
}

}  // namespace weft

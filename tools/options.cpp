#include "options.h"

#include <unistd.h>

#include <cmath>

#include "base/terminal.h"

namespace weft {

std::string check_finite_from_zero(const std::string& text) {
  double value = 0;
  const bool number = CLI::detail::lexical_cast(text, value);
  return number && std::isfinite(value) && value >= 0
             ? ""
             : "'" + text + "' found; expected a finite number >= 0";
}

void add_threads_option(CLI::App& command, int& threads) {
  constexpr int kMost = 1024;  // as training.threads
  command
      .add_option("--threads", threads, "Threads that compute; 0: as many as the machine has cores")
      ->check(CLI::Range(0, kMost));
}

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

void add_alignment_options(CLI::App& command, AlignmentArguments& arguments,
                           const std::string& format_option) {
  add_enum_option(command, format_option, arguments.format,
                  "hard: Pharaoh i-j; soft: p,p p,p; matrix: Nematus block; json: one object a "
                  "line; text: a picture");
  add_enum_option(command, "--alignment-unit", arguments.unit, "Unit of rows and columns");
  command.add_flag("--alignment-eos", arguments.keep_end_of_sentence,
                   "Keep the row and the column of the end of sentence");
  command
      .add_option(
          "--alignment-threshold", arguments.threshold,
          "Links for all weights above this, instead of the best source word of each target word")
      ->check(check_finite_from_zero)
      ->check(CLI::Range(0.0, 1.0));
  command
      .add_option("--alignment-source", arguments.source,
                  "Number of the source that is aligned, for models of several sources")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  add_enum_option(command, "--colour,--color", arguments.colour, "Colours in pictures");
  command
      .add_option("--width", arguments.width,
                  "Width of pictures in columns [the terminal's, or 80]")
      ->check(CLI::Range(20, 10000));
}

}  // namespace weft

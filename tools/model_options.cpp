#include "model_options.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "base/error.h"

namespace weft {
namespace {

constexpr int kDefaultWidth = 80;

int terminal_width() {
  struct winsize size {};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kDefaultWidth;
}

}  // namespace

void add_threads_option(CLI::App& command, int& threads) {
  constexpr int kMost = 1024;  // as training.threads
  command.add_option("--threads", threads, "0: as many as the machine has")
      ->check(CLI::Range(0, kMost));
}

std::string check_finite_from_zero(const std::string& text) {
  double value = 0;
  const bool number = CLI::detail::lexical_cast(text, value);
  return number && std::isfinite(value) && value >= 0
             ? ""
             : "'" + text + "' found; expected a finite number >= 0";
}

void add_alignment_options(CLI::App& command, AlignmentArguments& arguments,
                           const std::string& format_option) {
  command
      .add_option(format_option, arguments.format,
                  "hard: Pharaoh i-j; soft: p,p p,p; matrix: Nematus block; json: one object a "
                  "line; text: a picture")
      ->check(CLI::IsMember({"hard", "soft", "matrix", "json", "text"}));
  command.add_option("--alignment-unit", arguments.unit, "Rows and columns")
      ->check(CLI::IsMember({"word", "piece"}))
      ->capture_default_str();
  command.add_flag("--alignment-eos", arguments.keep_end_of_sentence,
                   "Keep the row and the column of the end of sentence");
  command
      .add_option("--alignment-threshold", arguments.threshold,
                  "Links above this weight, instead of the best source word of each target word")
      ->check(check_finite_from_zero)
      ->check(CLI::Range(0.0, 1.0));
  command
      .add_option("--alignment-source", arguments.source,
                  "Of the sources of a model that reads several, the one that is aligned")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command.add_option("--colour,--color", arguments.colour, "Of pictures")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  command.add_option("--width", arguments.width, "Columns of pictures [the terminal's, or 80]")
      ->check(CLI::Range(20, 10000));
}

void check_sources(const std::string& model, const Vocabularies& vocabularies, std::size_t given,
                   const std::string& option, const AlignmentArguments& arguments) {
  const std::size_t sources = vocabularies.further.size() + 1;
  const auto several = [](std::size_t count) {
    return std::to_string(count) + (count == 1 ? " source" : " sources");
  };
  if (given != sources) {
    throw UserError({model}, "reads " + several(sources) + ", but " + std::to_string(given) +
                                 (given == 1 ? " is" : " are") + " given; expected " + option +
                                 " for each, in the order of training");
  }
  if (static_cast<std::size_t>(arguments.source) > sources) {
    throw UserError("--alignment-source is " + std::to_string(arguments.source) + ", but " + model +
                    " reads " + several(sources));
  }
}

AlignmentOptions alignment_options(const AlignmentArguments& arguments) {
  return {arguments.unit == "piece" ? AlignmentUnit::kPiece : AlignmentUnit::kWord,
          arguments.keep_end_of_sentence ? EndOfSentence::kKeep : EndOfSentence::kDrop};
}

RenderOptions render_options(const AlignmentArguments& arguments) {
  RenderOptions options;
  if (arguments.threshold >= 0) options.link_threshold = static_cast<float>(arguments.threshold);
  options.text.terminal_width =
      static_cast<std::size_t>(arguments.width > 0 ? arguments.width : terminal_width());
  options.text.colour =
      arguments.colour == "always" || (arguments.colour == "auto" && ::isatty(STDOUT_FILENO) != 0);
  return options;
}

Output::Output(const std::string& path) : path_(path == "-" ? "" : path) {
  if (path_.empty()) return;
  file_.open(path_);
  if (!file_)
    throw UserError({path_}, std::string("cannot be written (") + std::strerror(errno) + ")");
}

void Output::flush() {
  stream().flush();
  if (!stream())
    throw UserError({path_.empty() ? "standard output" : path_}, "could not be written to its end");
}

}  // namespace weft

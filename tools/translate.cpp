// weft translate

#include <ATen/Parallel.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "align/renderer.h"
#include "base/byte_source.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "base/log.h"
#include "base/resources.h"
#include "base/stopwatch.h"
#include "base/words.h"
#include "commands.h"
#include "config/enum_names.h"
#include "kernels/machine.h"
#include "line_queue.h"
#include "model_options.h"
#include "nn/fast_path.h"
#include "search/translator.h"

namespace weft {
namespace {

constexpr int64_t kLargestCount = 1'000'000'000;

struct TranslateArguments {
  std::vector<std::string> models;
  std::vector<std::string> inputs{"-"};
  std::string output = "-";
  std::string prefixes, suppressed;  ///< files; "": none
  std::optional<int64_t> beam_size;
  std::optional<double> length_normalization;
  std::optional<int64_t> max_source_length, batch_sentences;
  std::string precision;  ///< "": the model's config
  int64_t n_best = 0;     ///< 0: plain lines
  int threads = 0;
  AlignmentArguments alignment;
};

/// What became of the lines.
struct Ledger {
  std::size_t lines = 0, words = 0, blank = 0, cut = 0, unfinished = 0;
};

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

/// Writes the answers to one line, in the form that was asked for.
class TranslationWriter {
 public:
  TranslationWriter(std::ostream& out, const TranslateArguments& arguments)
      : out_(out), n_best_(arguments.n_best > 0) {
    if (arguments.alignment.format.empty()) return;
    format_ = alignment_format(arguments.alignment.format);
    render_options_ = render_options(arguments.alignment);
  }

  void write(std::size_t id, const TranslatedLine& line) {
    for (const auto& translation : line.n_best) write(id, line.source, translation);
  }

 private:
  bool on_the_line() const {
    return format_ == AlignmentFormat::kHard || format_ == AlignmentFormat::kSoft;
  }

  void write(std::size_t id, const std::string& source, const Translation& translation) {
    std::string alignment;
    if (format_) {
      alignment =
          render(translation.alignment, {id, translation.log_prob, source, translation.text},
                 *format_, render_options_);
    }
    if (format_ == AlignmentFormat::kJson || format_ == AlignmentFormat::kMatrix) {
      out_ << alignment << '\n';
      return;
    }
    if (n_best_) out_ << id << " ||| ";
    out_ << translation.text;
    if (on_the_line()) out_ << " ||| " << alignment;
    if (n_best_)
      out_ << " ||| F0= " << number(translation.log_prob) << " ||| " << number(translation.score);
    out_ << '\n';
    if (format_ == AlignmentFormat::kText) out_ << alignment << '\n';
  }

  std::ostream& out_;
  bool n_best_;
  std::optional<AlignmentFormat> format_;
  RenderOptions render_options_;
};

/// A word, or several between blanks, a line.
std::vector<std::string> read_words(const std::string& path) {
  std::vector<std::string> words;
  for (const auto& line : read_lines(path)) {
    std::string joined;
    for (const auto& word : split_whitespace(line)) {
      if (!joined.empty()) joined += ' ';
      joined += line.substr(word.begin, word.end - word.begin);
    }
    if (!joined.empty()) words.push_back(std::move(joined));
  }
  if (words.empty()) throw UserError({display_name(path)}, "has no words; expected one a line");
  return words;
}

TranslatorOptions translator_options(const TranslateArguments& arguments) {
  TranslatorOptions options;
  auto& decoding = options.decoding;
  decoding = decoding_options(arguments.models.front());
  decoding.beam_size = arguments.beam_size.value_or(decoding.beam_size);
  decoding.length_normalization =
      arguments.length_normalization.value_or(decoding.length_normalization);
  decoding.max_source_length = arguments.max_source_length.value_or(decoding.max_source_length);
  decoding.batch_sentences = arguments.batch_sentences.value_or(decoding.batch_sentences);
  if (from_name(arguments.precision, decoding.precision))
    require_products_in(decoding.precision, "--precision");
  options.n_best = arguments.n_best > 0 ? arguments.n_best : 1;
  options.with_alignment = !arguments.alignment.format.empty();
  options.alignment = alignment_options(arguments.alignment);
  options.alignment_source = static_cast<std::size_t>(arguments.alignment.source) - 1;
  if (!arguments.suppressed.empty()) options.suppressed = read_words(arguments.suppressed);
  options.workers = at::get_num_threads();
  return options;
}

/// Lines of all sources and, if there are any, the beginnings of their translations.
struct LinesAndPrefixes {
  ParallelLines sources;
  std::vector<std::string> prefixes;
};

LinesAndPrefixes take_lines(ParallelLineQueue& queue, bool with_prefixes) {
  LinesAndPrefixes lines{queue.take(kTranslationWindow), {}};
  if (!with_prefixes || lines.sources.first.empty()) return lines;
  lines.prefixes = std::move(lines.sources.further.back());
  lines.sources.further.pop_back();
  return lines;
}

/// Leaves the lines before the first that cannot be translated; returns what is wrong with that.
std::optional<UserError> cut_at_mistake(LinesAndPrefixes& lines, std::size_t lines_before,
                                        const Translator& translator,
                                        const TranslateArguments& arguments) {
  const auto format = translator.vocabularies().factors.format();
  auto mistake = first_mistake(lines.sources.first, format);
  auto file = arguments.inputs.front();
  const auto of_prefixes = translator.first_prefix_mistake(lines.prefixes);
  if (of_prefixes && (!mistake || of_prefixes->index < mistake->index)) {
    mistake = of_prefixes;
    file = arguments.prefixes;
  }
  if (!mistake) return std::nullopt;
  lines.sources.resize(mistake->index);
  if (!lines.prefixes.empty()) lines.prefixes.resize(mistake->index);
  const Location place{display_name(file), static_cast<int>(lines_before + mistake->index) + 1};
  return UserError(place, mistake->message);
}

void report_line(const std::string& source, const TranslatedLine& line, Ledger& ledger) {
  ++ledger.lines;
  ledger.words += split_whitespace(source).size();
  if (line.source_tokens == 0) ++ledger.blank;
  if (!line.n_best.front().finished) ++ledger.unfinished;
  if (line.cut_tokens == 0) return;
  ++ledger.cut;
  log_warning("line " + std::to_string(ledger.lines) + " is longer than the limit: its last " +
              std::to_string(line.cut_tokens) + " tokens were not translated");
}

void run_translate(const TranslateArguments& arguments) {
  use_machine(arguments.threads);
  auto files = arguments.inputs;
  const bool with_prefixes = !arguments.prefixes.empty();
  if (with_prefixes) files.push_back(arguments.prefixes);
  ParallelLineQueue queue(files);
  const auto options = translator_options(arguments);
  Output output(arguments.output);
  auto translator = load_translator(arguments.models, options);
  check_sources(arguments.models.front(), translator.vocabularies(), arguments.inputs.size(), "-i",
                arguments.alignment);
  TranslationWriter writer(output.stream(), arguments);
  Ledger ledger;
  const Stopwatch watch;
  for (auto lines = take_lines(queue, with_prefixes); !lines.sources.first.empty();
       lines = take_lines(queue, with_prefixes)) {
    const auto mistake = cut_at_mistake(lines, ledger.lines, translator, arguments);
    const auto answers =
        translator.translate(lines.sources.first, lines.sources.further, lines.prefixes);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      writer.write(ledger.lines, answers[i]);
      report_line(lines.sources.first[i], answers[i], ledger);
    }
    output.flush();
    if (mistake) throw UserError(*mistake);
  }
  const double seconds = watch.seconds();
  if (ledger.unfinished > 0) {
    log_warning(std::to_string(ledger.unfinished) +
                " translations did not end and were stopped at the length limit "
                "(decoding.max_length_factor)");
  }
  log_info("translated " + std::to_string(ledger.lines) + " lines (" +
           std::to_string(ledger.blank) + " blank, " + std::to_string(ledger.cut) +
           " cut at the limit) in " + number(seconds) +
           " s: " + number(static_cast<double>(ledger.words) / seconds) +
           " source words/s; peak memory " + number(peak_memory_megabytes()) + " MB");
}

}  // namespace

void add_translate_command(CLI::App& app) {
  auto* command = app.add_subcommand("translate", "Translate lines of text");
  auto arguments = std::make_shared<TranslateArguments>();
  command->add_option("-m,--model", arguments->models, "Model directory; several are an ensemble")
      ->required();
  command
      ->add_option(
          "-i,--input", arguments->inputs,
          "Text, one sentence a line; - is standard input. One for each of several sources")
      ->capture_default_str();
  command
      ->add_option("-o,--output", arguments->output, "Where translations go; - is standard output")
      ->capture_default_str();
  command->add_option("--prefix", arguments->prefixes,
                      "Beginnings of the translations, one a line of the input; blank: none");
  command->add_option("--suppress", arguments->suppressed,
                      "Words that no translation may have, one a line");
  command
      ->add_option("-b,--beam-size", arguments->beam_size, "Hypotheses kept [the model's config]")
      ->check(CLI::Range(1, 1000));
  command
      ->add_option("-n,--length-normalization", arguments->length_normalization,
                   "score = log p / length^this [the model's config]")
      ->check(check_finite_from_zero);
  command
      ->add_option("--n-best", arguments->n_best, "That many translations a line, in Moses' format")
      ->check(CLI::Range(1, 1000));
  command
      ->add_option("--max-source-length", arguments->max_source_length,
                   "Tokens of a line that are read [config]")
      ->check(CLI::Range(int64_t{1}, kLargestCount));
  command
      ->add_option("--batch-sentences", arguments->batch_sentences,
                   "Lines decoded together [config]")
      ->check(CLI::Range(int64_t{1}, kLargestCount));
  command
      ->add_option("--precision", arguments->precision, "Of matrix products [the model's config]")
      ->check(CLI::IsMember(all_names<Precision>()));
  add_threads_option(*command, arguments->threads);
  add_alignment_options(*command, arguments->alignment, "--alignment");
  command->callback([arguments] { run_translate(*arguments); });
}

}  // namespace weft

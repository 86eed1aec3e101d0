// weft align

#include <algorithm>
#include <cstdio>
#include <deque>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "align/alignment_error_rate.h"
#include "align/pharaoh.h"
#include "align/renderer.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "base/words.h"
#include "commands.h"
#include "kernels/machine.h"
#include "model_options.h"
#include "search/forced_aligner.h"
#include "search/translator.h"
#include "text/joined_line.h"

namespace weft {
namespace {

constexpr std::size_t kWindow = 2000;  // pairs in memory at a time

struct AlignArguments {
  std::string model, target, gold, output = "-";
  std::vector<std::string> sources;
  std::string words;  ///< auto or whitespace; "": whitespace with gold links, which count tokens,
                      ///< auto without
  bool gold_reversed = false, gold_from_one = false;
  bool join_source = false, join_target = false;
  int threads = 0;
  AlignmentArguments alignment;
};

struct Pairs {
  std::vector<LineWithWords> sources, targets;
  std::vector<std::vector<LineWithWords>> further;  ///< of the sources besides the first

  void resize(std::size_t count) {
    sources.resize(count);
    targets.resize(count);
    for (auto& lines : further) lines.resize(count);
  }
};

/// The files of pairs read side by side.
class PairReader {
 public:
  explicit PairReader(const AlignArguments& arguments)
      : arguments_(arguments), target_(arguments.target) {
    for (const auto& source : arguments.sources) sources_.emplace_back(source);
  }

  /// At most `most` pairs; none at the end. Throws UserError if one file ends before another.
  Pairs take(std::size_t most) {
    Pairs pairs;
    pairs.further.resize(sources_.size() - 1);
    std::string line;
    while (pairs.sources.size() < most && sources_[0].next(line)) {
      pairs.sources.push_back(with_words(line, arguments_.join_source));
      for (std::size_t k = 1; k < sources_.size(); ++k) {
        if (!sources_[k].next(line)) throw_unequal(sources_[k], sources_[0]);
        pairs.further[k - 1].push_back(with_words(line, arguments_.join_source));
      }
      if (!target_.next(line)) throw_unequal(target_, sources_[0]);
      pairs.targets.push_back(with_words(line, arguments_.join_target));
    }
    if (pairs.sources.size() < most) require_ends();
    return pairs;
  }

 private:
  LineWithWords with_words(const std::string& line, bool join) const {
    if (join) {
      auto joined = join_words(line);
      return {std::move(joined.line), std::move(joined.words)};
    }
    const bool whitespace =
        arguments_.words.empty() ? !arguments_.gold.empty() : arguments_.words == "whitespace";
    return {line,
            split_words(line, whitespace ? WordSplitting::kWhitespace : WordSplitting::kAuto)};
  }

  /// No other file may have more than the first.
  void require_ends() {
    std::string line;
    for (std::size_t k = 1; k < sources_.size(); ++k) {
      if (sources_[k].next(line)) throw_unequal(sources_[0], sources_[k]);
    }
    if (target_.next(line)) throw_unequal(sources_[0], target_);
  }

  [[noreturn]] static void throw_unequal(const LineReader& shorter, const LineReader& longer) {
    throw UserError(shorter.name() + " ends after " + std::to_string(shorter.line_number()) +
                    " lines, but " + longer.name() + " has more; expected as many");
  }

  const AlignArguments& arguments_;
  std::deque<LineReader> sources_;
  LineReader target_;
};

/// Compares links with the gold ones, sentence by sentence.
class GoldComparison {
 public:
  explicit GoldComparison(const AlignArguments& arguments)
      : path_(arguments.gold),
        reversed_(arguments.gold_reversed),
        gold_(read_pharaoh(path_,
                           arguments.gold_from_one ? FirstPosition::kOne : FirstPosition::kZero)) {}

  void add(std::size_t index, const AlignmentMatrix& matrix, const LineWithWords& source,
           const LineWithWords& target, const RenderOptions& options) {
    if (index >= gold_.size()) {
      throw UserError({path_}, "has " + std::to_string(gold_.size()) +
                                   " lines; expected one for every sentence pair");
    }
    auto gold = reversed_ ? reversed(gold_[index]) : gold_[index];
    check_bounds(gold, {source.words.size(), target.words.size()},
                 {path_, static_cast<int>(index) + 1});
    rate_.add(matrix.rows() == 0 ? std::vector<Link>{} : select_links(matrix, options), gold);
  }

  void check_all_used(std::size_t pairs) const {
    if (pairs != gold_.size()) {
      throw UserError({path_}, "has " + std::to_string(gold_.size()) + " lines, but there are " +
                                   std::to_string(pairs) + " sentence pairs");
    }
  }

  void print(std::ostream& out) const {
    char text[200];
    const auto& counts = rate_.counts();
    std::snprintf(
        text, sizeof text,
        "AER %.4f  precision %.4f  recall %.4f  F1 %.4f  (%zu links, %zu sure gold links)",
        rate_.aer(), rate_.precision(), rate_.recall(), rate_.f1(), counts.hypothesis, counts.sure);
    out << text << '\n';
  }

 private:
  std::string path_;
  bool reversed_;
  std::vector<std::vector<Link>> gold_;
  AlignmentErrorRate rate_;
};

std::vector<std::string> source_lines(const std::vector<LineWithWords>& sources) {
  std::vector<std::string> lines;
  for (const auto& source : sources) lines.push_back(source.line);
  return lines;
}

ForcedAlignerOptions aligner_options(const AlignArguments& arguments) {
  ForcedAlignerOptions options;
  options.alignment = alignment_options(arguments.alignment);
  options.decoding = decoding_options(arguments.model);
  options.source = static_cast<std::size_t>(arguments.alignment.source) - 1;
  return options;
}

void run_align(const AlignArguments& arguments) {
  use_machine(arguments.threads);
  const auto& files = arguments.sources;
  if (std::count(files.begin(), files.end(), "-") + (arguments.target == "-" ? 1 : 0) > 1)
    throw UserError("standard input can be only one of --source and --target");
  std::unique_ptr<GoldComparison> gold;
  if (!arguments.gold.empty()) gold = std::make_unique<GoldComparison>(arguments);
  PairReader pairs(arguments);
  // With gold links standard output has the rates; the alignments go where they are sent.
  const bool print = !gold || arguments.output != "-" || !arguments.alignment.format.empty();
  Output output(arguments.output);
  const auto format =
      alignment_format(arguments.alignment.format.empty() ? "hard" : arguments.alignment.format);
  const auto rendering = render_options(arguments.alignment);
  auto aligner = load_aligner(arguments.model, aligner_options(arguments));
  const auto factors = aligner.vocabularies().factors.format();
  if (factors.count > 0 && arguments.join_source) {
    throw UserError("--join-source is given, but words with factors, which " + arguments.model +
                    " reads, cannot be joined");
  }
  check_sources(arguments.model, aligner.vocabularies(), arguments.sources.size(), "-s",
                arguments.alignment);
  std::size_t id = 0;
  for (auto taken = pairs.take(kWindow); !taken.sources.empty(); taken = pairs.take(kWindow)) {
    const auto mistake = first_mistake(source_lines(taken.sources), factors);
    if (mistake) taken.resize(mistake->index);
    const auto& targets = taken.targets;
    const auto answers = aligner.align(taken.sources, targets, taken.further);
    for (std::size_t i = 0; i < answers.size(); ++i, ++id) {
      const auto& matrix = answers[i].alignment;
      if (gold) gold->add(id, matrix, answers[i].source, targets[i], rendering);
      if (!print) continue;
      if (format == AlignmentFormat::kText) output.stream() << targets[i].line << '\n';
      output.stream() << render(matrix,
                                {id, answers[i].log_prob, answers[i].source.line, targets[i].line},
                                format, rendering)
                      << '\n';
    }
    output.flush();
    if (mistake) {
      throw UserError({display_name(arguments.sources.front()), static_cast<int>(id) + 1},
                      mistake->message);
    }
  }
  if (!gold) return;
  gold->check_all_used(id);
  gold->print(std::cout);
}

void add_gold_options(CLI::App& command, AlignArguments& arguments) {
  auto* gold = command.add_option(
      "--gold", arguments.gold,
      "Links made by hand (i-j sure, ipj possible): prints alignment error rate, precision "
      "and recall. Words are then what spaces separate");
  command.add_flag("--gold-reversed", arguments.gold_reversed, "The gold links are target-source")
      ->needs(gold);
  command.add_flag("--gold-from-one", arguments.gold_from_one, "The gold links count words from 1")
      ->needs(gold);
}

}  // namespace

void add_align_command(CLI::App& app) {
  auto* command =
      app.add_subcommand("align", "Align sentence pairs that are given (forced decoding)");
  auto arguments = std::make_shared<AlignArguments>();
  command->add_option("-m,--model", arguments->model, "Model directory")->required();
  command
      ->add_option("-s,--source", arguments->sources,
                   "Source sentences, one a line; a file for each of several sources")
      ->required();
  command->add_option("-t,--target", arguments->target, "Their translations, one a line")
      ->required();
  command->add_option("-o,--output", arguments->output, "Where alignments go; - is standard output")
      ->capture_default_str();
  add_alignment_options(*command, arguments->alignment, "--format,--alignment");
  add_gold_options(*command, *arguments);
  command->add_option("--words", arguments->words, "What a word is [auto; with --gold: whitespace]")
      ->check(CLI::IsMember({"auto", "whitespace"}));
  command->add_flag("--join-source", arguments->join_source,
                    "Source lines are cut into words the model was not trained on (Chinese with "
                    "spaces): the model "
                    "reads them joined, the alignment keeps the words");
  command->add_flag("--join-target", arguments->join_target, "The same for target lines");
  add_threads_option(*command, arguments->threads);
  command->callback([arguments] { run_align(*arguments); });
}

}  // namespace weft

#include "app/aligner_files.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "aligner/aligner_text.h"
#include "app/link_writer.h"
#include "app/output.h"
#include "app/parallel_lines.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/worker_pool.h"

namespace weft {
namespace {

constexpr std::size_t kLineWindow = 10000;
constexpr std::size_t kAnswerWindow = 2000;

std::vector<std::string> training_files(const AlignerTask& task) {
  return task.corpus.empty() ? std::vector{task.source, task.target} : std::vector{task.corpus};
}

std::vector<std::string> all_inputs(const AlignerTask& task) {
  auto files = training_files(task);
  for (const auto* file : {&task.test_source, &task.test_target, &task.gold.path})
    if (!file->empty()) files.push_back(*file);
  return files;
}

/// The pairs, and the lines of those that must be shown.
struct Input {
  AlignerText text;
  std::size_t first_answer = 0;  ///< the first pair whose links are written
  std::vector<std::pair<std::string, std::string>> lines;  ///< from there on, if they are needed
};

void add(Input& input, std::string source, std::string target, AlignerCutting cutting, bool keep) {
  input.text.add(source, target, cutting);
  if (keep) input.lines.emplace_back(std::move(source), std::move(target));
}

void read_pairs(const std::string& source, const std::string& target, AlignerCutting cutting,
                bool keep, Input& input) {
  ParallelLines lines({source, target});
  for (auto window = lines.take(kLineWindow); !window.empty(); window = lines.take(kLineWindow))
    for (std::size_t i = 0; i < window.count(); ++i)
      add(input, std::move(window.files[0][i]), std::move(window.files[1][i]), cutting, keep);
}

/// Lines "source ||| target", as fast_align reads them.
void read_corpus(const std::string& path, AlignerCutting cutting, bool keep, Input& input) {
  constexpr std::string_view kSeparator = " ||| ";
  LineReader reader(path);
  std::string line;
  while (reader.next(line)) {
    // A blank side leaves no blank beside the bars.
    const std::string padded = ' ' + line + ' ';
    const auto bars = padded.find(kSeparator);
    if (bars == std::string::npos || padded.find(kSeparator, bars + 1) != std::string::npos) {
      throw UserError(reader.location(),
                      std::string(bars == std::string::npos ? "no" : "more than one") +
                          " '|||' between blanks; expected 'source ||| target'");
    }
    add(input, padded.substr(0, bars), padded.substr(bars + kSeparator.size()), cutting, keep);
  }
}

Input read_input(const AlignerTask& task) {
  const bool shows_lines = task.format == LinkFormat::kJson || task.format == LinkFormat::kText;
  const bool has_test = !task.test_source.empty();
  Input input;
  if (task.corpus.empty()) {
    read_pairs(task.source, task.target, task.cutting, shows_lines && !has_test, input);
  } else {
    read_corpus(task.corpus, task.cutting, shows_lines && !has_test, input);
  }
  if (has_test) {
    input.first_answer = input.text.pairs();
    read_pairs(task.test_source, task.test_target, {task.test_words, task.cutting.tokens},
               shows_lines, input);
  }
  return input;
}

std::string pairs_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " pair" : " pairs");
}

/// Says what of the text is not aligned as the rest is.
void tell_ledger(const Bitext& bitext) {
  constexpr std::size_t kOneSided = 9;  // as Moses' clean-corpus-n has it
  std::size_t empty = 0, too_long = 0, one_sided = 0;
  for (std::size_t k = 0; k < bitext.pairs(); ++k) {
    const std::size_t s = bitext.source.length(k), t = bitext.target.length(k);
    if (s == 0 || t == 0) {
      ++empty;
    } else if (bitext.cells(k) == 0) {
      ++too_long;
    } else if (std::max(s, t) > kOneSided * std::min(s, t)) {
      ++one_sided;
    }
  }
  if (empty > 0) log_info(pairs_text(empty) + " with an empty side: no links");
  if (too_long > 0)
    log_warning(pairs_text(too_long) + " too long to be aligned (over " +
                std::to_string(Bitext::kMostCells) + " pairs of words each): no links");
  if (one_sided > 0)
    log_warning(pairs_text(one_sided) + " more than " + std::to_string(kOneSided) +
                " times as long on one side as on the other: are the files parallel?");
}

int thread_count(int asked) {
  return asked > 0 ? asked : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

void train(WordAligner& aligner) {
  ProgressBar bar({.label = "align", .total = aligner.iterations()});
  aligner.train([&bar](int done) { bar.update(done); });
}

std::vector<Link> choose_links(const PairPosteriors& pair, const AlignerTask& task) {
  switch (task.aligner.direction) {
    case AlignerDirection::kForward:
      return forward_links(pair);
    case AlignerDirection::kBackward:
      return backward_links(pair);
    case AlignerDirection::kBoth:
      break;
  }
  if (!task.symmetrization) return posterior_links(pair, task.threshold);
  return symmetrize(forward_links(pair), backward_links(pair), *task.symmetrization);
}

/// Passes on the posteriors of all pairs that are to be answered.
void answer(const AlignerTask& task, const Input& input, WordAligner& aligner, LinkWriter* writer,
            GoldComparison* gold) {
  const auto& text = input.text;
  for (std::size_t begin = input.first_answer; begin < text.pairs(); begin += kAnswerWindow) {
    const std::size_t end = std::min(begin + kAnswerWindow, text.pairs());
    const auto posteriors = aligner.posteriors(begin, end);
    for (std::size_t k = begin; k < end; ++k) {
      const auto& pair = posteriors[k - begin];
      const auto links = text.links_of_words(k, choose_links(pair, task));
      if (gold != nullptr) gold->add(links, text.words(k));
      if (writer == nullptr) continue;
      const std::size_t id = k - input.first_answer;
      writer->write({id, text.source_words(k), text.target_words(k),
                     input.lines.empty() ? nullptr : &input.lines[id]},
                    pair, links);
    }
  }
}

}  // namespace

void align_text(const AlignerTask& task) {
  const auto inputs = all_inputs(task);
  require_different_streams(inputs);
  Output output(task.output, inputs);
  std::unique_ptr<GoldComparison> gold;
  if (!task.gold.path.empty()) gold = std::make_unique<GoldComparison>(task.gold);
  const auto input = read_input(task);
  if (gold) gold->require_as_many(input.text.pairs() - input.first_answer);
  tell_ledger(input.text.bitext());
  WorkerPool pool(thread_count(task.threads));
  WordAligner aligner(input.text.bitext(), task.aligner, pool);
  train(aligner);
  output.start();
  std::unique_ptr<LinkWriter> writer;
  if (task.writes_links) writer = std::make_unique<LinkWriter>(output.stream(), task);
  answer(task, input, aligner, writer.get(), gold.get());
  output.finish();
  if (gold) std::cout << gold->summary() << '\n';
}

}  // namespace weft

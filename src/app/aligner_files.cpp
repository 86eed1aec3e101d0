#include "app/aligner_files.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "aligner/aligner_directory.h"
#include "aligner/aligner_text.h"
#include "aligner/pair_aligner.h"
#include "app/link_writer.h"
#include "app/output.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/worker_pool.h"

namespace weft {
namespace {

constexpr std::size_t kLineWindow = 10000;
constexpr std::size_t kAnswerWindow = 2000;

std::vector<std::string> all_inputs(const AlignerTask& task) {
  auto files = task.text.paths();
  for (const auto* file : {&task.test_source, &task.test_target, &task.gold.path})
    if (!file->empty()) files.push_back(*file);
  if (!task.model.empty())
    for (auto& file : aligner_model_files(task.model)) files.push_back(std::move(file));
  return files;
}

bool shows_lines(const AlignerTask& task) {
  return task.format == LinkFormat::kJson || task.format == LinkFormat::kText;
}

/// The pairs, and the lines of those that must be shown.
struct Input {
  AlignerText text;
  std::size_t first_answer = 0;  ///< the first pair whose links are written
  std::vector<LinePair> lines;   ///< from there on, if they are needed
};

void read_pairs(const PairFiles& files, AlignerCutting cutting, bool keep, Input& input) {
  PairLines lines(files);
  for (auto pairs = lines.take(kLineWindow); !pairs.empty(); pairs = lines.take(kLineWindow)) {
    for (auto& pair : pairs) {
      input.text.add(pair.first, pair.second, cutting);
      if (keep) input.lines.push_back(std::move(pair));
    }
  }
}

Input read_input(const AlignerTask& task) {
  const bool has_test = !task.test_source.empty();
  Input input;
  read_pairs(task.text, task.cutting, shows_lines(task) && !has_test, input);
  if (has_test) {
    input.first_answer = input.text.pairs();
    read_pairs({task.test_source, task.test_target, ""}, {task.test_words, task.cutting.tokens},
               shows_lines(task), input);
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
  ProgressBar bar({.label = "align",
                   .total = aligner.iterations(),
                   .unit = "passes",
                   .patience_seconds = kBarPatienceSeconds,
                   .plain_lines = false});
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

/// Passes links on.
class Answers {
 public:
  explicit Answers(const AlignerTask& task) : task_(task), output_(task.output, all_inputs(task)) {
    if (!task.gold.path.empty()) gold_ = std::make_unique<GoldComparison>(task.gold);
  }

  /// Throws UserError unless there is gold for each pair of `text` from number `begin`, and within
  /// its words.
  void check_gold(const AlignerText& text, std::size_t begin) const {
    if (!gold_) return;
    gold_->require_as_many(text.pairs() - begin);
    for (std::size_t k = begin; k < text.pairs(); ++k) gold_->check(k - begin, text.words(k));
  }
  void start() {
    output_.start();
    if (task_.writes_links) writer_ = std::make_unique<LinkWriter>(output_.stream(), task_);
  }
  /// Those of pair `k` of `text`. `lines`: if they are shown.
  void add(const AlignerText& text, std::size_t k, const PairPosteriors& posteriors,
           const LinePair* lines) {
    const auto links = text.links_of_words(k, choose_links(posteriors, task_));
    if (gold_) gold_->add(links, text.words(k));
    if (writer_) writer_->write(text, k, posteriors, links, lines);
  }
  void flush() { output_.flush(); }
  void finish() {
    output_.finish();
    if (!gold_) return;
    gold_->require_all_used();
    std::cout << gold_->summary() << '\n';
  }

 private:
  const AlignerTask& task_;
  Output output_;
  std::unique_ptr<GoldComparison> gold_;
  std::unique_ptr<LinkWriter> writer_;
};

}  // namespace

void align_text(const AlignerTask& task) {
  require_different_streams(all_inputs(task));
  if (!task.save.empty()) require_aligner_directory(task.save);
  Answers answers(task);
  const auto input = read_input(task);
  const auto& text = input.text;
  answers.check_gold(text, input.first_answer);
  tell_ledger(text.bitext());
  WorkerPool pool(thread_count(task.threads));
  WordAligner aligner(text.bitext(), task.aligner, pool);
  train(aligner);
  answers.start();
  for (std::size_t begin = input.first_answer; begin < text.pairs(); begin += kAnswerWindow) {
    const auto posteriors =
        aligner.posteriors(begin, std::min(begin + kAnswerWindow, text.pairs()));
    for (std::size_t n = 0; n < posteriors.size(); ++n) {
      const std::size_t k = begin + n;
      answers.add(text, k, posteriors[n],
                  input.lines.empty() ? nullptr : &input.lines[k - input.first_answer]);
    }
  }
  answers.finish();
  if (task.save.empty()) return;
  auto model = aligner.model();
  model.cuts_tokens = task.cutting.tokens;
  save_aligner_model(task.save, model);
}

void align_new_pairs(const AlignerTask& task) {
  require_different_streams(all_inputs(task));
  Answers answers(task);
  auto model = load_aligner_model(task.model);
  const AlignerCutting cutting{task.test_words, model.cuts_tokens};
  PairAligner aligner(std::move(model));
  PairLines lines(task.text);
  answers.start();
  for (auto pairs = lines.take(kAnswerWindow); !pairs.empty(); pairs = lines.take(kAnswerWindow)) {
    for (const auto& pair : pairs) {
      AlignerText text;
      text.add(pair.first, pair.second, cutting);
      answers.add(text, 0, aligner.align(text.source_tokens(0), text.target_tokens(0)), &pair);
    }
    answers.flush();
  }
  answers.finish();
}

}  // namespace weft

#include "data/parallel_check.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bad_lines.h"
#include "base/messages.h"
#include "data/line_stream.h"
#include "data/pair_weights.h"

namespace weft {
namespace {

bool is_pipe(const std::string& file) {
  std::error_code error;
  return std::filesystem::is_fifo(file, error);
}

bool has_pipe(const std::vector<TextColumn>& files) {
  return std::any_of(files.begin(), files.end(),
                     [](const TextColumn& file) { return is_pipe(file.path); });
}

/// Adds the bad lines that `read` finds, and what ends it. False if anything does.
bool reads_to_end(Problems& problems, const std::function<void(BadLines&)>& read) {
  BadLines bad;
  bool ends = true;
  try {
    read(bad);
  } catch (const UserError& error) {
    problems.add(error.what());
    ends = false;
  }
  bad.tell(problems);
  return ends;
}

/// Lines of one side; nothing if one of its files cannot be read to its end.
std::optional<int64_t> checked_count(const std::vector<TextColumn>& files, Problems& problems) {
  std::optional<int64_t> total = 0;
  for (const TextColumn& file : files) {
    int64_t lines = 0;
    const bool ends = reads_to_end(problems, [&](BadLines& bad) {
      require_rereadable(file.path);
      if (file.format == TextFormat::kNBest && file.field == 0) require_rereadable(file.key);
      LineStream stream({file});
      std::string line;
      for (bool more = true; more;) bad.passes([&] { more = stream.next(line); });
      lines = stream.count();
    });
    if (!ends) total.reset();
    if (total) *total += lines;
  }
  return total;
}

void check_sides(const ParallelFiles& files, Problems& problems) {
  const auto& first = files.sources.front();
  const std::optional<int64_t> due = checked_count(first, problems);
  const auto check = [&](const std::vector<TextColumn>& other) {
    const std::optional<int64_t> lines = checked_count(other, problems);
    if (!due || !lines || *due == *lines) return;
    problems.add(
        unequal_lines({LineStream(first).names(), due}, {LineStream(other).names(), lines}));
  };
  check(files.target);
  for (std::size_t k = 1; k < files.sources.size(); ++k) check(files.sources[k]);
}

enum class WeightKind { kSentences, kWords };

/// A file of weights beside the target lines that they are for.
void check_weights(const std::string& file, WeightKind kind, const TextColumn& target,
                   Problems& problems) {
  reads_to_end(problems, [&](BadLines& bad) {
    require_rereadable(file);
    WeightReader weights =
        kind == WeightKind::kWords ? WeightReader({}, {file}) : WeightReader({file}, {});
    LineStream lines({target});
    BadLines told;  // with the text
    std::string line;
    while (true) {
      bool more = true;
      const bool is_known = told.passes([&] { more = lines.next(line); });
      if (!more) break;
      const bool is_checked = is_known || kind == WeightKind::kSentences;
      (is_checked ? bad : told).passes([&] { weights.next(line); });
    }
    weights.require_end();
  });
}

/// Whether anything of the pair is learnt.
bool counts(const PairWeights& weights) {
  const auto& words = weights.words;
  return weights.sentence > 0 &&
         (words.empty() || std::any_of(words.begin(), words.end(), [](float w) { return w > 0; }));
}

/// The text and its weights are in order.
void require_any_weight(const ParallelFiles& files) {
  ParallelReader reader(files);
  std::vector<std::string> sources;
  bool any = false;
  for (std::string target; reader.next(sources, target);) any |= counts(reader.weights());
  if (any || reader.count() == 0) return;
  throw UserError(
      {files.sentence_weights.empty() ? files.word_weights[0] : files.sentence_weights[0]},
      "gives no word of the training text a weight above 0; expected one at least");
}

/// All of one corpus.
void check_corpus(const ParallelFiles& files, Problems& problems) {
  Problems found;
  check_sides(files, found);
  const auto& target = files.target.front();
  if (!is_pipe(target.path)) {  // a pipe waits for a writer
    for (const auto& file : files.sentence_weights)
      check_weights(file, WeightKind::kSentences, target, found);
    for (const auto& file : files.word_weights)
      check_weights(file, WeightKind::kWords, target, found);
  }
  if (files.has_weights() && found.empty())
    reads_to_end(found, [&](BadLines&) { require_any_weight(files); });
  for (const auto& problem : found.messages()) problems.add(problem);
}

}  // namespace

void require_rereadable(const std::string& file) {
  if (!is_pipe(file)) return;
  throw UserError(
      {file}, "is a pipe; expected a regular file, because training reads its text several times");
}

bool has_pipe(const ParallelFiles& files) {
  return has_pipe(files.target) ||
         std::any_of(files.sources.begin(), files.sources.end(),
                     [](const std::vector<TextColumn>& source) { return has_pipe(source); });
}

void check_parallel_files(const ParallelFiles& files, Problems& problems) {
  if (!files.file_by_file) {
    check_sides(files, problems);
    return;
  }
  for (std::size_t i = 0; i < files.target.size(); ++i) {
    ParallelFiles of_corpus{{}, {files.target[i]}};
    for (const auto& source : files.sources) of_corpus.sources.push_back({source.at(i)});
    if (!files.sentence_weights.empty()) of_corpus.sentence_weights = {files.sentence_weights[i]};
    if (!files.word_weights.empty()) of_corpus.word_weights = {files.word_weights[i]};
    check_corpus(of_corpus, problems);
  }
}

}  // namespace weft

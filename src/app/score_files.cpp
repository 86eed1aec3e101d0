#include "app/score_files.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <cstdio>
#include <optional>
#include <ostream>
#include <utility>

#include "app/answer_writer.h"
#include "app/model_sources.h"
#include "app/output.h"
#include "app/parallel_lines.h"
#include "app/work_progress.h"
#include "base/error.h"
#include "base/log.h"
#include "model/model_directory.h"
#include "nn/device.h"
#include "nn/tensor_library.h"
#include "search/translator.h"
#include "text/n_best_line.h"
#include "text/source_factors.h"

namespace weft {
namespace {

/// As many digits as float32 sums of log-probabilities have.
std::string exact_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

/// What is summed up over all pairs.
struct Totals {
  std::size_t pairs = 0, words = 0;
  int64_t tokens = 0;
  double log_prob = 0;

  void add(const Translation& scored) {
    ++pairs;
    words += scored.word_log_probs.empty() ? 0 : scored.word_log_probs.size() - 1;
    tokens += scored.tokens;
    log_prob += scored.log_prob;
  }
  std::string text() const {
    const auto per = [&](double count) { return count > 0 ? -log_prob / count : 0; };
    return "pairs " + std::to_string(pairs) + ", log p " + short_number(log_prob) +
           ", cross-entropy " + short_number(per(static_cast<double>(tokens))) +
           " a token, perplexity " + short_number(std::exp(per(static_cast<double>(tokens)))) +
           " a token, " + short_number(std::exp(per(static_cast<double>(words + pairs)))) +
           " a word (ends of sentences are tokens and words)";
  }
};

TranslatorOptions scorer_options(const ScoringTask& task, const DecodingOptions& stored) {
  TranslatorOptions options;
  options.source_root = task.source_root;
  options.device = choice_of(resolved(task.device));
  options.decoding = decoding_of(stored, task.decoding, options.device);
  options.decoding.beam_size = 1;
  options.decoding.max_length = 0;  // what is there may be as long as it is
  options.model_weights = task.decoding.model_weights;
  options.whole_prefixes = true;
  options.workers = at::get_num_threads();
  return options;
}

/// The best entries of a list whose ids ascend, a line for each source line.
class BestOfList {
 public:
  explicit BestOfList(std::ostream& out) : out_(out) {}

  /// Nothing if the id comes before the last one.
  bool may_follow(std::size_t id) const { return id >= last_; }
  void see(std::size_t id) { last_ = id; }
  void add(const NBestLine& entry, double score) {
    if (entry.id + 1 > lines_) finish(entry.id);
    if (best_ && score <= best_score_) return;
    best_ = entry.text;
    best_score_ = score;
  }
  /// Writes the lines before `id`; those of which the list has nothing are blank.
  void finish(std::size_t id) {
    for (; lines_ < id + 1; ++lines_) {
      if (lines_ > 0) out_ << best_.value_or("") << '\n';
      if (!best_ && lines_ > 0) ++missing_;
      best_.reset();
    }
  }
  std::size_t missing() const { return missing_; }

 private:
  std::ostream& out_;
  std::size_t last_ = 0;
  std::size_t lines_ = 0;  // begun
  std::size_t missing_ = 0;
  std::optional<std::string> best_;
  double best_score_ = 0;
};

/// What is scored, window by window.
class Scorer {
 public:
  Scorer(const ScoringTask& task, Translator& translator, Output& output)
      : task_(task), translator_(translator), output_(output), best_(output.stream()) {}

  void score_pairs(ParallelLines& lines) {
    for (auto window = lines.take(kTranslationWindow); !window.empty();
         window = lines.take(kTranslationWindow)) {
      const auto mistake = mistake_in(window.files.front());
      if (mistake) window.resize(mistake->index);
      const auto targets = std::move(window.files.back());
      window.files.pop_back();
      for (const auto& scored : score(window.files, targets)) write(text_of(scored));
      output_.flush();
      if (mistake) throw UserError(lines.location(0, mistake->index), mistake->message);
    }
  }

  void score_list(const LineWindow& sources, ParallelLines& list) {
    for (auto window = list.take(kTranslationWindow); !window.empty();
         window = list.take(kTranslationWindow)) {
      std::vector<NBestLine> entries;
      std::optional<LineMistake> mistake;
      const auto& lines = window.files.front();
      for (std::size_t i = 0; i < lines.size() && !mistake; ++i) {
        try {
          auto entry = parse_n_best_line(lines[i]);
          require_fits(entry, sources.count());
          best_.see(entry.id);
          entries.push_back(std::move(entry));
        } catch (const UserError& error) {
          mistake = {i, error.what()};
        }
      }
      score_entries(sources, entries);
      if (mistake) throw UserError(list.location(0, mistake->index), mistake->message);
    }
    if (!task_.rerank) return;
    best_.finish(sources.count());
    if (best_.missing() > 0)
      log_warning("the list has no translation of " + std::to_string(best_.missing()) + " of the " +
                  std::to_string(sources.count()) + " source lines, which are blank");
  }

  const Totals& totals() const { return totals_; }

 private:
  void require_fits(const NBestLine& entry, std::size_t sources) const {
    if (entry.id >= sources)
      throw UserError("the id is " + std::to_string(entry.id) + "; expected that of one of the " +
                      std::to_string(sources) + " source lines, counted from 0");
    if (!task_.rerank) return;
    if (!best_.may_follow(entry.id))
      throw UserError("the id is " + std::to_string(entry.id) +
                      ", after a greater one; expected the order of the source lines");
    if (!entry.score)
      throw UserError("the last field is no score; expected 'ID ||| TEXT ||| FEATURES ||| SCORE'");
  }

  std::optional<LineMistake> mistake_in(const std::vector<std::string>& lines) const {
    return first_mistake(lines, translator_.vocabularies().sources.front().factors.format());
  }

  std::vector<Translation> score(const std::vector<std::vector<std::string>>& sources,
                                 const std::vector<std::string>& targets) {
    std::vector<Translation> scored;
    for (auto& line : translator_.translate_sources(sources, targets)) {
      scored.push_back(std::move(line.n_best.front()));
      totals_.add(scored.back());
      if (line.cut_tokens > 0)
        log_warning("pair " + std::to_string(totals_.pairs) +
                    ": the source is longer than the limit: its last " +
                    std::to_string(line.cut_tokens) + " tokens were not read");
    }
    return scored;
  }

  void score_entries(const LineWindow& sources, const std::vector<NBestLine>& entries) {
    std::vector<std::vector<std::string>> beside(sources.files.size());
    std::vector<std::string> targets;
    for (const auto& entry : entries) {
      for (std::size_t k = 0; k < beside.size(); ++k)
        beside[k].push_back(sources.files[k][entry.id]);
      targets.push_back(entry.text);
    }
    if (entries.empty()) return;
    const auto scored = score(beside, targets);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const auto& entry = entries[i];
      if (task_.rerank) {
        const double part = *task_.rerank;
        best_.add(entry, part * scored[i].score + (1 - part) * entry.score.value());
        continue;
      }
      write(std::to_string(entry.id) + " ||| " + entry.text_field + entry.more + " ||| " +
            entry.features + " " + task_.feature + "= " + exact_number(scored[i].log_prob) +
            " ||| " + exact_number(scored[i].score));
    }
    output_.flush();
  }

  std::string text_of(const Translation& scored) const {
    std::string text = exact_number(scored.log_prob);
    text.append(" ").append(exact_number(scored.score));
    if (!task_.words) return text;
    text += " |||";
    for (const double log_prob : scored.word_log_probs)
      text.append(" ").append(exact_number(log_prob));
    return text;
  }

  void write(const std::string& line) {
    if (!task_.summary) output_.stream() << line << '\n';
  }

  const ScoringTask& task_;
  Translator& translator_;
  Output& output_;
  Totals totals_;
  BestOfList best_;
};

}  // namespace

void score_files(const ScoringTask& task) {
  const auto configs = read_model_configs(task.models);
  need_of_libtorch(configs, task.device);
  auto inputs = task.sources;
  inputs.push_back(task.n_best.empty() ? task.target : task.n_best);
  require_different_streams(inputs);
  std::optional<ParallelLines> list;
  if (!task.n_best.empty()) list.emplace(std::vector<std::string>{task.n_best});
  ParallelLines lines(list ? task.sources : inputs);
  Output output(task.output, with_model_files(inputs, task.models));
  WorkProgress progress("score", "pairs", inputs.back(), task.output);
  auto options = scorer_options(task, configs.front().decoding);
  options.on_batch = [&progress](std::size_t count) { progress.add(count); };
  auto translator = load_translator(task.models, configs, std::move(options));
  require_sources(task.models.front(), translator.vocabularies(), {task.sources.size(), "-s", 0});
  output.start();
  Scorer scorer(task, translator, output);
  if (list) {
    scorer.score_list(lines.take_all(), *list);
  } else {
    scorer.score_pairs(lines);
  }
  if (task.summary) output.stream() << scorer.totals().text() << '\n';
  output.finish();
  if (!task.summary) log_info("scored: " + scorer.totals().text());
}

}  // namespace weft

#include "app/evaluate_files.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/output.h"
#include "app/parallel_lines.h"
#include "app/work_progress.h"
#include "base/byte_source.h"
#include "base/error.h"
#include "base/log.h"
#include "metrics/bleu.h"
#include "metrics/caption_scores.h"
#include "metrics/chrf.h"
#include "metrics/edit_rate.h"

namespace weft {
namespace {

using nlohmann::json;

struct Texts {
  std::vector<std::string> hypotheses;               ///< by line
  std::vector<std::vector<std::string>> references;  ///< by file and line
};

struct Result {
  std::string name;
  double score;
  std::string signature;
  std::string details;  ///< what the line adds behind the score; may be empty
  json extra;           ///< what the JSON object adds
};

/// "1 reference: FILE" or "2 references: FILE, FILE".
std::string describe(const std::vector<std::string>& references) {
  std::string names;
  for (const auto& reference : references)
    names += (names.empty() ? "" : ", ") + display_name(reference);
  return std::to_string(references.size()) +
         (references.size() == 1 ? " reference: " : " references: ") + names;
}

/// Somebody who forgot -i should not look at a program that waits in silence.
void say_what_is_waited_for(const EvaluationTask& task) {
  constexpr int kPatienceMilliseconds = 1000;
  pollfd input{STDIN_FILENO, POLLIN, 0};
  if (task.input != "-" || ::poll(&input, 1, kPatienceMilliseconds) != 0) return;
  log_info("reading hypotheses from standard input (-i names a file); " +
           describe(task.references));
}

bool has_tab(const std::string& line) { return line.find('\t') != std::string::npos; }

/// Files of several columns are taken as they are, which is hardly ever what was meant.
void warn_of_columns(const Texts& texts, const std::vector<std::string>& paths) {
  const auto& hypotheses = texts.hypotheses;
  if (std::any_of(hypotheses.begin(), hypotheses.end(), has_tab)) return;
  for (std::size_t k = 0; k < paths.size(); ++k) {
    const auto& lines = texts.references[k];
    if (!std::all_of(lines.begin(), lines.end(), has_tab)) continue;
    log_warning(display_name(paths[k]) +
                " has a tab in every line, which counts as a blank; references in columns are "
                "given as a file each (cut -f)");
  }
}

Texts read_texts(const EvaluationTask& task) {
  auto paths = task.references;
  paths.insert(paths.begin(), task.input);
  require_output_is_no_input("-", paths);
  ParallelLines lines(paths);
  say_what_is_waited_for(task);
  if (lines.has_ended(0)) {
    throw UserError({display_name(task.input)},
                    "holds no lines; expected hypotheses for " + describe(task.references));
  }
  auto all = lines.take_all();
  Texts texts{std::move(all.files[0]), {}};
  texts.references.assign(std::make_move_iterator(all.files.begin() + 1),
                          std::make_move_iterator(all.files.end()));
  warn_of_columns(texts, task.references);
  return texts;
}

using OnLine = std::function<void()>;

Result evaluate_bleu(const Texts& texts, const EvaluationTask& task, const OnLine& on_line) {
  const BleuScore bleu =
      corpus_bleu(texts.hypotheses, texts.references,
                  {.tokenizer = task.tokenizer, .lowercase = task.lowercase, .on_line = on_line});
  return {"BLEU", bleu.score, bleu.signature, bleu.details(),
          json{{"precisions", bleu.precisions},
               {"brevity_penalty", bleu.brevity_penalty},
               {"hypothesis_length", bleu.hypothesis_length},
               {"reference_length", bleu.reference_length}}};
}

Result evaluate_chrf(const Texts& texts, std::size_t word_order, bool lowercase,
                     const OnLine& on_line) {
  ChrfOptions options;
  options.on_line = on_line;
  options.word_order = word_order;
  options.lowercase = lowercase;
  const ChrfScore chrf = corpus_chrf(texts.hypotheses, texts.references, options);
  return {chrf.name, chrf.score, chrf.signature, "", json::object()};
}

Result evaluate_edits(const Texts& texts, EditUnit unit, bool lowercase, const OnLine& on_line) {
  const EditRate rate =
      corpus_edit_rate(texts.hypotheses, texts.references,
                       {.unit = unit, .lowercase = lowercase, .on_line = on_line});
  return {rate.name, rate.score, rate.signature, rate.details(),
          json{{"substitutions", rate.counts.substitutions},
               {"deletions", rate.counts.deletions},
               {"insertions", rate.counts.insertions},
               {"reference_length", rate.counts.reference_length()}}};
}

Result result_of(const CaptionScore& score) {
  return {score.name, score.score, score.signature, "", json::object()};
}

Result evaluate(Metric metric, const Texts& texts, const EvaluationTask& task,
                const OnLine& on_line) {
  const CaptionOptions caption_options{
      .tokenizer = task.tokenizer, .lowercase = task.lowercase, .on_line = on_line};
  switch (metric) {
    case Metric::kBleu:
      return evaluate_bleu(texts, task, on_line);
    case Metric::kChrf:
      return evaluate_chrf(texts, 0, task.lowercase, on_line);
    case Metric::kChrfPlusPlus:
      return evaluate_chrf(texts, 2, task.lowercase, on_line);
    case Metric::kWer:
      return evaluate_edits(texts, EditUnit::kWord, task.lowercase, on_line);
    case Metric::kCer:
      return evaluate_edits(texts, EditUnit::kCharacter, task.lowercase, on_line);
    case Metric::kCider:
      return result_of(corpus_cider(texts.hypotheses, texts.references, caption_options));
    case Metric::kRougeL:
      return result_of(corpus_rouge_l(texts.hypotheses, texts.references, caption_options));
  }
  throw std::logic_error("unknown metric");
}

std::string score_text(double score) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", score);
  return text;
}

std::string to_line(const Result& result) {
  const std::string details = result.details.empty() ? "" : ' ' + result.details;
  return result.name + '|' + result.signature + " = " + score_text(result.score) + details;
}

json to_object(const Result& result) {
  json object = {{"name", result.name}, {"score", result.score}, {"signature", result.signature}};
  object.update(result.extra);
  return object;
}

}  // namespace

void evaluate_files(const EvaluationTask& task) {
  const Texts texts = read_texts(task);
  auto objects = json::array();
  std::string lines;
  {
    const auto all = texts.hypotheses.size() * task.metrics.size();
    WorkProgress progress("evaluate", "lines", static_cast<std::int64_t>(all), "");
    for (const auto metric : task.metrics) {
      const Result result = evaluate(metric, texts, task, [&progress] { progress.add(1); });
      if (task.style == ScoreStyle::kJson) objects.push_back(to_object(result));
      lines +=
          (task.style == ScoreStyle::kScore ? score_text(result.score) : to_line(result)) + '\n';
    }
  }
  std::cout << (task.style == ScoreStyle::kJson ? objects.dump(1) + '\n' : lines);
}

}  // namespace weft

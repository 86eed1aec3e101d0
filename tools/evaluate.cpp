// weft evaluate

#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>

#include "app/evaluate_files.h"
#include "app/region_files.h"
#include "base/error.h"
#include "base/messages.h"
#include "commands.h"
#include "option_helpers.h"

namespace weft {
namespace {

struct EvaluateArguments {
  EvaluationTask task;
  std::vector<std::string> metrics;
  std::string regions;
  std::string tokenizer = to_name(MetricTokenizer::k13a);
  bool json = false, score_only = false;
};

std::string small_letters(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// Also as sacreBLEU writes them: BLEU, chrF2, chrF2++.
Metric metric_named(const std::string& name) {
  auto lower = small_letters(name);
  if (lower.starts_with("chrf2")) lower.erase(4, 1);
  Metric metric{};
  if (!from_name(lower, metric))
    throw UserError("--metrics: " + unknown_name("metric", name, all_names<Metric>()));
  return metric;
}

MetricTokenizer tokenizer_named(const std::string& name) {
  MetricTokenizer tokenizer{};
  if (!from_name(small_letters(name), tokenizer))
    throw UserError("--tokenizer: " +
                    unknown_name("tokenizer", name, all_names<MetricTokenizer>()));
  return tokenizer;
}

ScoreStyle style_of(const EvaluateArguments& arguments) {
  if (arguments.json) return ScoreStyle::kJson;
  return arguments.score_only ? ScoreStyle::kScore : ScoreStyle::kLine;
}

void run_evaluate(const EvaluateArguments& arguments, bool input_is_given) {
  if (!arguments.regions.empty())
    return evaluate_regions({arguments.task.input, arguments.regions, style_of(arguments)});
  auto task = arguments.task;
  if (task.references.empty())
    throw UserError("no references are given; expected -r FILE, a file for each reference");
  if (!arguments.metrics.empty()) task.metrics.clear();
  for (const auto& name : arguments.metrics) task.metrics.push_back(metric_named(name));
  task.tokenizer = tokenizer_named(arguments.tokenizer);
  task.style = style_of(arguments);
  if (!input_is_given && ::isatty(STDIN_FILENO) == 1) {
    throw UserError("no hypotheses are given; expected -i FILE (" + task.references.back() +
                    " is taken for a reference), or -i - to type them");
  }
  evaluate_files(task);
}

}  // namespace

void add_evaluate_command(CLI::App& app) {
  auto* command = app.add_subcommand(
      "evaluate", "Score translations against references, with sacreBLEU's definitions");
  auto arguments = std::make_shared<EvaluateArguments>();
  auto& task = arguments->task;
  auto* input = command->add_option("-i,--input", task.input,
                                    "Hypotheses, one a line; - is standard input [-]");
  auto* references =
      command->add_option("-r,--references,references", task.references,
                          "Reference files; several if every line has several references");
  auto* metrics =
      command
          ->add_option(
              "-m,--metrics", arguments->metrics,
              "Metrics, separated by commas: bleu, chrf, chrf++, cider (CIDEr-D), rouge-l, "
              "and wer and cer, the error rates of words "
              "and characters [bleu,chrf]")
          ->delimiter(',');
  command->add_option("--tokenizer,--tokenize", arguments->tokenizer,
                      "Tokenizer used for BLEU, CIDEr and ROUGE: 13a, zh (Chinese) or none (text "
                      "already tokenised) [13a]");
  command
      ->add_option("--regions", arguments->regions,
                   "Score attention over pictures or sound instead: gold regions of words, JSON "
                   "Lines; the input is what "
                   "--alignment json writes")
      ->excludes(references)
      ->excludes(metrics);
  command->add_flag("--lowercase", task.lowercase, "Ignore upper and lower case");
  auto* json = command->add_flag(
      "--json", arguments->json,
      "Results as a JSON array of objects with name, score, signature and details");
  command->add_flag("-b,--score-only", arguments->score_only, "Print nothing but the scores")
      ->excludes(json);
  command->callback([arguments, input] { run_evaluate(*arguments, input->count() > 0); });
}

std::string sacrebleu_spelling(const std::string& argument) {
  static const std::map<std::string, std::string> kSpellings{
      {"-lc", "--lowercase"},
      {"-tok", "--tokenizer"},
      {"-t", "files of references with -r"},
      {"--test-set", "files of references with -r"},
      {"-l", "--tokenizer zh for Chinese targets, otherwise nothing"},
      {"--language-pair", "--tokenizer zh for Chinese targets, otherwise nothing"},
      {"--chrf-word-order", "--metrics chrf++"},
      {"-f", "--json"},
      {"--format", "--json"}};
  const auto known = kSpellings.find(argument);
  return known == kSpellings.end() ? "" : known->second;
}

}  // namespace weft

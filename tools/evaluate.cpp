// weft evaluate

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/byte_source.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "commands.h"
#include "metrics/bleu.h"
#include "metrics/chrf.h"

namespace weft {
namespace {

struct EvaluateArguments {
  std::string input = "-";
  std::vector<std::string> references;
  std::vector<std::string> metrics = {"bleu", "chrf"};
  std::string tokenizer = "13a";
  bool lowercase = false;
  bool json = false;
};

struct Texts {
  std::vector<std::string> hypotheses;               ///< by line
  std::vector<std::vector<std::string>> references;  ///< by file and line
};

struct Result {
  std::string name;
  double score;
  std::string signature;
  std::string details;   ///< what the line adds behind the score; may be empty
  nlohmann::json extra;  ///< what the JSON object adds
};

/// Throws UserError unless `value` is one of `names`.
void check_name(const std::string& option, const std::string& value,
                const std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), value) != names.end()) return;
  std::string expected;
  for (const auto& name : names) expected.append(expected.empty() ? "" : ", ").append(name);
  const std::string nearest = nearest_name(value, names);
  throw UserError(option + ": unknown value '" + value + "'; expected one of " + expected +
                  (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

void check_arguments(const EvaluateArguments& arguments) {
  for (const auto& metric : arguments.metrics) {
    check_name("--metrics", metric, {"bleu", "chrf", "chrf++"});
  }
  check_name("--tokenizer", arguments.tokenizer, {"13a", "zh", "none"});
  auto files = arguments.references;
  files.push_back(arguments.input);
  if (std::count(files.begin(), files.end(), "-") > 1) {
    throw UserError("standard input can be only one of --input and --references");
  }
}

Texts read_texts(const EvaluateArguments& arguments) {
  Texts texts{read_lines(arguments.input), {}};
  const std::string name = display_name(arguments.input);
  if (texts.hypotheses.empty()) throw UserError({name}, "holds no lines; expected hypotheses");
  for (const auto& path : arguments.references) {
    texts.references.push_back(read_lines(path));
    const std::size_t lines = texts.references.back().size();
    if (lines == texts.hypotheses.size()) continue;
    throw UserError(name + " has " + std::to_string(texts.hypotheses.size()) + " lines, but " +
                    display_name(path) + " has " + std::to_string(lines) + "; expected as many");
  }
  return texts;
}

MetricTokenizer tokenizer_named(const std::string& name) {
  if (name == "zh") return MetricTokenizer::kZh;
  return name == "none" ? MetricTokenizer::kNone : MetricTokenizer::k13a;
}

Result evaluate_bleu(const Texts& texts, const EvaluateArguments& arguments) {
  const BleuScore bleu = corpus_bleu(
      texts.hypotheses, texts.references,
      {.tokenizer = tokenizer_named(arguments.tokenizer), .lowercase = arguments.lowercase});
  return {"BLEU", bleu.score, bleu.signature, bleu.details(),
          nlohmann::json{{"precisions", bleu.precisions},
                         {"brevity_penalty", bleu.brevity_penalty},
                         {"hypothesis_length", bleu.hypothesis_length},
                         {"reference_length", bleu.reference_length}}};
}

Result evaluate_chrf(const Texts& texts, std::size_t word_order, bool lowercase) {
  ChrfOptions options;
  options.word_order = word_order;
  options.lowercase = lowercase;
  const ChrfScore chrf = corpus_chrf(texts.hypotheses, texts.references, options);
  return {chrf.name, chrf.score, chrf.signature, "", nlohmann::json::object()};
}

Result evaluate(const std::string& metric, const Texts& texts, const EvaluateArguments& arguments) {
  if (metric == "bleu") return evaluate_bleu(texts, arguments);
  return evaluate_chrf(texts, metric == "chrf++" ? 2 : 0, arguments.lowercase);
}

void print_line(const Result& result) {
  char score[32];
  std::snprintf(score, sizeof(score), "%.2f", result.score);
  std::cout << result.name << '|' << result.signature << " = " << score;
  if (!result.details.empty()) std::cout << ' ' << result.details;
  std::cout << '\n';
}

nlohmann::json to_json(const Result& result) {
  nlohmann::json object = {
      {"name", result.name}, {"score", result.score}, {"signature", result.signature}};
  object.update(result.extra);
  return object;
}

void run(const EvaluateArguments& arguments) {
  check_arguments(arguments);
  const Texts texts = read_texts(arguments);
  auto objects = nlohmann::json::array();
  for (const auto& metric : arguments.metrics) {
    const Result result = evaluate(metric, texts, arguments);
    if (arguments.json) {
      objects.push_back(to_json(result));
    } else {
      print_line(result);
    }
  }
  if (arguments.json) std::cout << objects.dump(1) << '\n';
}

}  // namespace

void add_evaluate_command(CLI::App& app) {
  auto* command = app.add_subcommand(
      "evaluate", "Score translations against references, with sacreBLEU's definitions");
  auto arguments = std::make_shared<EvaluateArguments>();
  command->add_option("-i,--input", arguments->input,
                      "Hypotheses, one a line; - is standard input [-]");
  command
      ->add_option("-r,--references", arguments->references,
                   "References, a file each; several for several references of every line")
      ->required();
  command
      ->add_option("--metrics", arguments->metrics,
                   "Of bleu, chrf and chrf++, separated by commas [bleu,chrf]")
      ->delimiter(',');
  command->add_option("--tokenizer", arguments->tokenizer,
                      "How BLEU cuts words: 13a, zh (Chinese) or none (tokenised text) [13a]");
  command->add_flag("--lowercase", arguments->lowercase, "Ignore upper and lower case");
  command->add_flag("--json", arguments->json,
                    "An array of objects with name, score, signature and details");
  command->callback([arguments] { run(*arguments); });
}

}  // namespace weft

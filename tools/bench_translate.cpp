// weft bench translate: speed, latency, start-up and memory of translating a file.

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "app/model_sources.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "base/resources.h"
#include "base/stopwatch.h"
#include "base/words.h"
#include "bench.h"
#include "bench_process.h"
#include "bench_report.h"
#include "config/device_choice.h"
#include "config/enum_names.h"
#include "kernels/machine.h"
#include "matmul_rate.h"
#include "model/flops.h"
#include "model/model_directory.h"
#include "nn/device.h"
#include "ops/precision.h"
#include "options.h"
#include "search/ensemble.h"
#include "search/translator.h"
#include "text/text_reader.h"

namespace weft {
namespace {

using nlohmann::json;

struct BenchTranslateArguments {
  std::string model, input;
  std::vector<int64_t> beam_sizes, batch_sentences;  ///< empty: the model's config
  std::vector<int> threads{0};
  std::vector<std::string> precisions;  ///< empty: the model's config
  std::optional<DeviceChoice> device;   ///< none: auto
  std::optional<std::string> json_path;
  int64_t measured_from = 0;  ///< 0: this process only starts others
};

/// Reads at most kTranslationWindow lines.
std::vector<std::string> take_lines(LineReader& reader) {
  std::vector<std::string> lines;
  for (std::string line; lines.size() < kTranslationWindow && reader.next(line);)
    lines.push_back(line);
  return lines;
}

/// The first line with a word in it. Throws UserError if there is none.
std::string first_line(const std::string& path) {
  LineReader reader(path);
  for (std::string line; reader.next(line);) {
    if (!split_whitespace(line).empty()) return line;
  }
  throw UserError({path}, "has no line to translate");
}

struct TranslationWork {
  int64_t lines = 0, source_words = 0, target_words = 0, target_pieces = 0;
  Workload steps;

  void add(const std::string& source, const TranslatedLine& answer) {
    const auto& best = answer.n_best.front();
    ++lines;
    source_words += static_cast<int64_t>(split_whitespace(source).size());
    target_words += static_cast<int64_t>(split_whitespace(best.text).size());
    target_pieces += best.tokens;
    if (answer.source_tokens > 0) steps.add(answer.source_tokens, answer.decoder_steps);
  }
};

/// Translates the whole file; returns the seconds it took.
double translate_file(Translator& translator, const std::string& path, TranslationWork& work) {
  const Stopwatch watch;
  LineReader reader(path);
  for (auto lines = take_lines(reader); !lines.empty(); lines = take_lines(reader)) {
    const auto answers = translator.translate(lines);
    for (std::size_t i = 0; i < lines.size(); ++i) work.add(lines[i], answers[i]);
  }
  return watch.seconds();
}

/// Seconds for each line that has words, given alone, in ascending order.
std::vector<double> line_latencies(Translator& translator, const std::string& path) {
  std::vector<double> latencies;
  LineReader reader(path);
  for (std::string line; reader.next(line);) {
    if (split_whitespace(line).empty()) continue;
    const Stopwatch watch;
    translator.translate({line});
    latencies.push_back(watch.seconds());
  }
  std::sort(latencies.begin(), latencies.end());
  return latencies;
}

/// The smallest value that at least this part of all values does not exceed.
json percentile(const std::vector<double>& ascending, double part) {
  if (ascending.empty()) return nullptr;
  const auto count = std::ceil(part * static_cast<double>(ascending.size()));
  return ascending[std::max<std::size_t>(static_cast<std::size_t>(count), 1) - 1];
}

TranslatorOptions translator_options(const BenchTranslateArguments& arguments,
                                     const DecodingOptions& decoding, const torch::Device& device) {
  TranslatorOptions options;
  options.decoding = decoding;
  options.decoding.beam_size = arguments.beam_sizes.front();
  options.decoding.batch_sentences = arguments.batch_sentences.front();
  options.decoding.precision = bench_precision(arguments.precisions.front(), device);
  options.workers = at::get_num_threads();
  return options;
}

json measure_translating(const BenchTranslateArguments& arguments) {
  use_machine(arguments.threads.front());
  const auto device = resolved(arguments.device.value_or(DeviceChoice{}));
  const auto stored = load_model(arguments.model);
  auto model = stored.model;
  model->to(device);
  Problems problems;
  check_factors({arguments.input}, stored.vocabularies.sources.front().factors.format(), problems);
  problems.throw_if_any();
  const auto options = translator_options(arguments, stored.config.decoding, device);
  const auto precision = options.decoding.precision;
  Translator translator(std::make_shared<Ensemble>(std::vector{model}, precision),
                        stored.vocabularies, options);
  translator.translate({first_line(arguments.input)});
  const double start_seconds = seconds_from(arguments.measured_from);

  MatmulRate rate(precision, device);
  rate.sample();
  TranslationWork work;
  const double seconds = translate_file(translator, arguments.input, work);
  const double peak_megabytes = peak_memory_megabytes();
  rate.sample();
  const auto latencies = options.decoding.batch_sentences == 1
                             ? line_latencies(translator, arguments.input)
                             : std::vector<double>();
  const auto flops = model->flops();
  auto result = to_json({.seconds = seconds,
                         .source_words = work.source_words,
                         .target_words = work.target_words,
                         .source_pieces = work.steps.source_tokens,
                         .target_pieces = work.target_pieces,
                         .flops = flops.forward(work.steps),
                         .matmul_flops_per_second = rate.flops_per_second()});
  result["command"] = "translate";
  result["threads"] = at::get_num_threads();
  result["device"] = format_device(*arguments.device);
  result["precision"] = to_name(precision);
  result["products"] = maker_of_products(precision, device);
  result["beam_size"] = options.decoding.beam_size;
  result["batch_sentences"] = options.decoding.batch_sentences;
  result["lines"] = work.lines;
  result["decoder_steps"] = work.steps.target_tokens;
  result["start_seconds"] = start_seconds;
  result["latency_median_seconds"] = percentile(latencies, 0.5);
  result["latency_99th_percentile_seconds"] = percentile(latencies, 0.99);
  result["peak_memory_megabytes"] = peak_megabytes;
  return result;
}

std::vector<BenchColumn> translation_columns() {
  return {{"", "threads", "threads"},
          {"", "device", "device"},
          {"", "precision", "precision"},
          {"products", "by", "products"},
          {"", "beam", "beam_size"},
          {"batch,", "lines", "batch_sentences"},
          {"whole", "file s", "seconds", 1, 2},
          {"source", "words/s", "source_words_per_second"},
          {"target", "words/s", "target_words_per_second"},
          {"target", "pieces/s", "target_pieces_per_second"},
          {"needed", "GFLOP/s", "flops_per_second", 1e-9, 1},
          {"matmul", "GFLOP/s", "matmul_flops_per_second", 1e-9, 1},
          {"FLOPs", "used %", "model_flops_utilisation", 100, 1},
          {"start,", "ms", "start_seconds", 1000},
          {"median", "line ms", "latency_median_seconds", 1000, 1},
          {"99 % of", "lines ms", "latency_99th_percentile_seconds", 1000, 1},
          {"memory", "MB", "peak_memory_megabytes"}};
}

std::vector<std::string> child_arguments(const BenchTranslateArguments& arguments, int threads,
                                         const std::string& precision) {
  return {"bench",       "translate",     "--model",   arguments.model,
          "--input",     arguments.input, "--threads", std::to_string(threads),
          "--precision", precision,       "--device",  format_device(*arguments.device)};
}

/// Every setting in its turn.
void measure_all(const BenchTranslateArguments& arguments) {
  BenchReport report(translation_columns(), arguments.json_path,
                     with_model_files({arguments.input}, {arguments.model}));
  for (const auto& precision : arguments.precisions) {
    for (const int threads : arguments.threads) {
      for (const int64_t beam_size : arguments.beam_sizes) {
        for (const int64_t sentences : arguments.batch_sentences) {
          auto child = child_arguments(arguments, threads, precision);
          child.insert(child.end(), {"--beam-size", std::to_string(beam_size)});
          child.insert(child.end(), {"--batch-sentences", std::to_string(sentences)});
          report.add(measure_in_own_process(child));
        }
      }
    }
  }
}

void run_bench_translate(BenchTranslateArguments arguments) {
  if (arguments.input == "-")
    throw UserError("--input is standard input, which can be read only once; expected a file");
  if (arguments.measured_from != 0) {
    if (arguments.precisions.empty() || arguments.beam_sizes.empty() ||
        arguments.batch_sentences.empty())
      throw UserError("--measured-from is what weft bench gives to processes of its own");
    answer_with([&] { return measure_translating(arguments); });
    return;
  }
  const auto device = resolved(arguments.device.value_or(DeviceChoice{}));
  arguments.device = choice_of(device);
  for (const auto& precision : arguments.precisions) bench_precision(precision, device);
  const auto config = read_model_config(arguments.model);
  require_one_source(arguments.model, config);
  const auto& decoding = config.decoding;
  first_line(arguments.input);
  if (arguments.beam_sizes.empty()) arguments.beam_sizes.push_back(decoding.beam_size);
  if (arguments.batch_sentences.empty())
    arguments.batch_sentences.push_back(decoding.batch_sentences);
  if (arguments.precisions.empty()) {
    arguments.precisions.push_back(
        to_name(usable_precision(decoding.precision, "decoding.precision", device)));
  }
  measure_all(arguments);
}

}  // namespace

void add_bench_translate_command(CLI::App& bench) {
  auto* command = bench.add_subcommand("translate", "Measure translating a file");
  auto arguments = std::make_shared<BenchTranslateArguments>();
  command->add_option("-m,--model", arguments->model, "Model directory")->required();
  command->add_option("-i,--input", arguments->input, "Text, one sentence a line")->required();
  command
      ->add_option("-b,--beam-size", arguments->beam_sizes,
                   "Beam sizes, separated by commas [the model's config]")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(integer_in(hypotheses()));
  command
      ->add_option("--batch-sentences", arguments->batch_sentences,
                   "Numbers of lines decoded together, separated by commas [the model's config]")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(integer_in(batch_size()));
  add_bench_options(*command,
                    {arguments->threads, arguments->precisions, arguments->device,
                     arguments->json_path, arguments->measured_from},
                    "auto");
  command->callback([arguments] { run_bench_translate(*arguments); });
}

}  // namespace weft

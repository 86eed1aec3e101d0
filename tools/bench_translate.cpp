// weft bench translate: speed, latency, start-up and memory of translating a file.

#include <algorithm>
#include <cmath>
#include <memory>

#include "app/model_sources.h"
#include "app/translation_speed.h"
#include "base/error.h"
#include "bench.h"
#include "bench_process.h"
#include "bench_report.h"
#include "config/device_choice.h"
#include "config/enum_names.h"
#include "options.h"

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

/// The smallest value that at least this part of all values does not exceed.
json percentile(const std::vector<double>& ascending, double part) {
  if (ascending.empty()) return nullptr;
  const auto count = std::ceil(part * static_cast<double>(ascending.size()));
  return ascending[std::max<std::size_t>(static_cast<std::size_t>(count), 1) - 1];
}

json measure(const BenchTranslateArguments& arguments) {
  const SpeedTask task{.model = arguments.model,
                       .input = arguments.input,
                       .threads = arguments.threads.front(),
                       .beam_size = arguments.beam_sizes.front(),
                       .batch_sentences = arguments.batch_sentences.front(),
                       .precision = precisions_of(arguments.precisions).front(),
                       .device = arguments.device.value()};
  const auto speed = measure_translation(task);
  const bool with_libtorch = !speed.libtorch.empty();
  auto result = to_json({.seconds = speed.seconds,
                         .source_words = speed.source_words,
                         .target_words = speed.target_words,
                         .source_pieces = speed.steps.source_tokens,
                         .target_pieces = speed.target_pieces,
                         .flops = speed.flops,
                         .matmul_flops_per_second = speed.matmul_flops_per_second});
  result["command"] = "translate";
  result["threads"] = speed.threads;
  result["device"] = format_device(task.device);
  result["precision"] = to_name(task.precision);
  result["products"] = speed.products;
  result["tensors"] = with_libtorch ? "LibTorch" : "Weft";
  result["machine"]["libtorch"] = with_libtorch ? json(speed.libtorch) : json();
  result["beam_size"] = task.beam_size;
  result["batch_sentences"] = task.batch_sentences;
  result["lines"] = speed.lines;
  result["decoder_steps"] = speed.steps.target_tokens;
  result["start_seconds"] = seconds_between(arguments.measured_from, speed.started);
  result["latency_median_seconds"] = percentile(speed.latencies, 0.5);
  result["latency_99th_percentile_seconds"] = percentile(speed.latencies, 0.99);
  result["peak_memory_megabytes"] = speed.peak_megabytes;
  return result;
}

std::vector<BenchColumn> translation_columns() {
  return {{"", "threads", "threads"},
          {"", "device", "device"},
          {"", "precision", "precision"},
          {"products", "by", "products"},
          {"tensors", "by", "tensors"},
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
                                         Precision precision) {
  return {"bench",       "translate",        "--model",   arguments.model,
          "--input",     arguments.input,    "--threads", std::to_string(threads),
          "--precision", to_name(precision), "--device",  format_device(*arguments.device)};
}

/// Every setting in its turn.
void measure_all(const BenchTranslateArguments& arguments,
                 const std::vector<Precision>& precisions) {
  BenchReport report(translation_columns(), arguments.json_path,
                     with_model_files({arguments.input}, {arguments.model}));
  for (const auto precision : precisions) {
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
        arguments.batch_sentences.empty() || !arguments.device)
      throw UserError("--measured-from is what weft bench gives to processes of its own");
    answer_with([&] { return measure(arguments); });
    return;
  }
  const auto settings = speed_settings(arguments.model, arguments.device.value_or(DeviceChoice{}),
                                       precisions_of(arguments.precisions));
  require_one_source(arguments.model, settings.config);
  first_line_of(arguments.input);
  arguments.device = settings.device;
  const auto& decoding = settings.config.decoding;
  if (arguments.beam_sizes.empty()) arguments.beam_sizes.push_back(decoding.beam_size);
  if (arguments.batch_sentences.empty())
    arguments.batch_sentences.push_back(decoding.batch_sentences);
  measure_all(arguments, settings.precisions);
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

#include "app/translation_speed.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "base/line_reader.h"
#include "base/resources.h"
#include "base/stopwatch.h"
#include "base/words.h"
#include "kernels/machine.h"
#include "model/flops.h"
#include "model/model_directory.h"
#include "nn/device.h"
#include "nn/tensor_library.h"
#include "ops/matmul_rate.h"
#include "ops/precision.h"
#include "search/ensemble.h"
#include "search/translator.h"
#include "text/text_reader.h"

namespace weft {
namespace {

/// Reads at most kTranslationWindow lines.
std::vector<std::string> take_lines(LineReader& reader) {
  std::vector<std::string> lines;
  for (std::string line; lines.size() < kTranslationWindow && reader.next(line);)
    lines.push_back(line);
  return lines;
}

void count(const std::string& source, const TranslatedLine& answer, TranslationSpeed& speed) {
  const auto& best = answer.n_best.front();
  ++speed.lines;
  speed.source_words += static_cast<int64_t>(split_whitespace(source).size());
  speed.target_words += static_cast<int64_t>(split_whitespace(best.text).size());
  speed.target_pieces += best.tokens;
  if (answer.source_tokens > 0) speed.steps.add(answer.source_tokens, answer.decoder_steps);
}

void translate_file(Translator& translator, const std::string& path, TranslationSpeed& speed) {
  const Stopwatch watch;
  LineReader reader(path);
  for (auto lines = take_lines(reader); !lines.empty(); lines = take_lines(reader)) {
    const auto answers = translator.translate(lines);
    for (std::size_t i = 0; i < lines.size(); ++i) count(lines[i], answers[i], speed);
  }
  speed.seconds = watch.seconds();
  speed.peak_megabytes = peak_memory_megabytes();
}

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

}  // namespace

std::string first_line_of(const std::string& path) {
  LineReader reader(path);
  for (std::string line; reader.next(line);) {
    if (!split_whitespace(line).empty()) return line;
  }
  throw UserError({path}, "has no line to translate");
}

SpeedSettings speed_settings(const std::string& model, const DeviceChoice& device,
                             const std::vector<Precision>& precisions) {
  SpeedSettings settings{read_model_config(model), {}, precisions};
  need_of_libtorch({settings.config}, device);
  const auto here = resolved(device);
  settings.device = choice_of(here);
  for (auto& precision : settings.precisions) {
    require_products_in(precision, "--precision", here);
    precision = resolved(precision, here);
  }
  if (precisions.empty())
    settings.precisions.push_back(
        usable_precision(settings.config.decoding.precision, "decoding.precision", here));
  return settings;
}

TranslationSpeed measure_translation(const SpeedTask& task) {
  use_machine(task.threads);
  const auto config = read_model_config(task.model);
  need_of_libtorch({config}, task.device);
  const auto device = resolved(task.device);
  const auto stored = load_model(task.model, config);
  auto model = stored.model;
  model->to(device);
  Problems problems;
  check_factors({task.input}, stored.vocabularies.sources.front().factors.format(), problems);
  problems.throw_if_any();
  TranslatorOptions options;
  options.decoding = config.decoding;
  options.decoding.beam_size = task.beam_size;
  options.decoding.batch_sentences = task.batch_sentences;
  options.decoding.precision = task.precision;
  options.workers = at::get_num_threads();
  Translator translator(std::make_shared<Ensemble>(std::vector{model}, task.precision),
                        stored.vocabularies, options);
  translator.translate({first_line_of(task.input)});

  TranslationSpeed speed;
  speed.started = std::chrono::steady_clock::now();
  speed.threads = at::get_num_threads();
  speed.products = maker_of_products(task.precision, device);
  speed.libtorch = libtorch_version();
  MatmulRate rate(task.precision, device);
  rate.sample();
  translate_file(translator, task.input, speed);
  rate.sample();
  if (task.batch_sentences == 1) speed.latencies = line_latencies(translator, task.input);
  speed.flops = model->flops().forward(speed.steps);
  speed.matmul_flops_per_second = rate.flops_per_second();
  return speed;
}

}  // namespace weft

#include "train/check_run.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <new>
#include <numeric>
#include <string_view>
#include <utility>

#include "base/resources.h"
#include "base/stopwatch.h"
#include "config/config_reader.h"
#include "config/data_checks.h"
#include "config/device_choice.h"
#include "config/item_checks.h"
#include "data/make_batch.h"
#include "data/parallel_check.h"
#include "nn/device.h"
#include "ops/precision.h"
#include "train/checkpoint.h"
#include "train/item_files.h"
#include "train/link_files.h"
#include "train/optimizers.h"
#include "train/parameter_patterns.h"
#include "train/run_directory.h"
#include "train/run_files.h"
#include "train/same_run.h"
#include "train/teacher.h"
#include "train/text_sample.h"
#include "train/training_task.h"
#include "train/weight_average.h"
#include "train/worker.h"

namespace weft {
namespace {

constexpr int64_t kSampleLines = 20'000;

std::string fixed(double number, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, number);
  return text;
}

std::string memory_text() {
  return "peak memory " + std::to_string(static_cast<int64_t>(peak_memory_megabytes())) + " MB";
}

/// A config on a sample of its text.
struct SampledConfig {
  Config config;
  TextSample training;
};

SampledConfig sampled(const Config& config, const std::string& scratch) {
  auto small = config;
  const auto take = [](const TextSample& sample, std::vector<std::string>& sources,
                       std::vector<std::string>& target) {
    sources.clear();
    for (const auto& files : sample.files.sources) sources.push_back(files.front().path);
    target = {sample.files.target.front().path};
  };
  auto training = spread_lines(training_files(config.data), config.data.source_kind, kSampleLines,
                               scratch, "train");
  take(training, small.data.train_source, small.data.train_target);
  if (!config.data.valid_source.empty()) {
    const auto most = std::min<int64_t>(config.decoding.batch_sentences, 64);
    take(longest_lines(validation_files(config.data), most, scratch, "valid"),
         small.data.valid_source, small.data.valid_target);
  }
  small.vocabulary.sample_lines = std::min<int64_t>(small.vocabulary.sample_lines, 10'000);
  small.data.tempdir = scratch;
  small.data.text_cache.clear();
  // The sample is one corpus of whole files.
  small.data.train_format = small.data.valid_format = {TextFormat::kLines};
  small.data.corpora = {};
  small.data.train_sentence_weights.clear();
  small.data.train_word_weights.clear();
  // Aligning takes longer than all else, and no more memory in the model.
  small.training.guided_alignment = {};
  small.training.validation.gold.clear();
  return {std::move(small), std::move(training)};
}

std::string describe(const TextSample& sample, const CorpusReport& report) {
  auto text = "training text: " + std::to_string(sample.of_lines) + " lines, " +
              std::to_string(sample.one_sided_blank) + " blank on one side";
  if (sample.one_sided_blank > 0)
    text += " (the first: " + to_string(sample.first_one_sided_blank) + ")";
  if (!sample.is_all()) text += "; of " + std::to_string(sample.lines) + " of every length";
  return text + (sample.is_all() ? "; " : " ") + std::to_string(report.pairs) +
         " pairs can be learnt from, " + std::to_string(report.too_long) +
         " are longer than data.max_length";
}

/// Pairs of the batch with the longest sentences that training could meet.
std::vector<int64_t> longest_batch(const ParallelCorpus& corpus, const TrainingOptions& options) {
  std::vector<int64_t> pairs(static_cast<std::size_t>(corpus.size()));
  std::iota(pairs.begin(), pairs.end(), 0);
  const auto length = [&](int64_t pair) {
    const auto lengths = corpus.lengths(pair);
    return std::max(lengths.source, lengths.target) + 1;
  };
  std::stable_sort(pairs.begin(), pairs.end(),
                   [&](int64_t a, int64_t b) { return length(a) > length(b); });
  auto rows = std::max<int64_t>(1, options.batch_tokens / length(pairs.front()));
  if (options.batch_sentences > 0) rows = std::min(rows, options.batch_sentences);
  if (static_cast<int64_t>(pairs.size()) > rows) pairs.resize(static_cast<std::size_t>(rows));
  return pairs;
}

/// Does `work`, whose failure to get memory, or anything else of LibTorch's, is told.
void attempt(const std::string& what, const std::string& advice,
             const std::function<void()>& work) {
  try {
    work();
  } catch (const c10::Error& error) {
    const std::string reason = error.what_without_backtrace();
    throw UserError(what + " fails (" + reason.substr(0, reason.find('\n')) + "); " + advice);
  } catch (const std::bad_alloc&) {
    throw UserError(what + " does not fit into memory; " + advice);
  }
}

std::string train_on_longest(const Config& config, const TrainingTask& task,
                             const TranslationModel& model, TranslationModel teacher) {
  const auto risk = make_risk_candidates(config, task.vocabularies());
  const auto& training = config.training;
  const auto weights = named_parameters(*model);
  const WeightAverage average(weights, training.exponential_smoothing);
  Optimizers optimizers(weights, average.averages(), training.optimizer, training.rate_factors);
  Worker worker(model, training, std::move(teacher), risk.get());
  const auto batch = make_batch(task.corpus(), longest_batch(task.corpus(), training));
  const auto rows = batch.target_input.size(0), length = batch.target_input.size(1);
  const auto name = "the largest training batch, " + std::to_string(rows) + " pairs of up to " +
                    std::to_string(length) + " target tokens,";
  UpdateWork work;
  const Stopwatch watch;
  attempt(name, "a smaller training.batch_tokens, data.max_length or model may help", [&] {
    work = worker.run({batch}, {.loss_units = batch.target_tokens,
                                .own_words = training.scheduled_sampling.probability});
    optimizers.step({0, optimizers.gradient_norm(), 0});
  });
  const double loss = work.loss / static_cast<double>(work.target_tokens);
  if (!std::isfinite(loss)) {
    throw UserError("the loss of " + name +
                    " is not finite in an untrained model; expected weights and data that are");
  }
  return name + " takes " + fixed(watch.seconds(), 2) + " s; loss " + fixed(loss, 3) + "; " +
         memory_text();
}

std::string validate_longest(const TrainingTask& task, const TranslationModel& model) {
  ValidationResult result;
  attempt("the largest validation batch",
          "a smaller decoding.batch_sentences, decoding.batch_tokens or beam may help",
          [&] { result = task.validator()->validate(model); });
  return "the largest validation batch, " + std::to_string(task.validator()->references().size()) +
         " lines, takes " + fixed(result.seconds, 2) + " s; " + memory_text();
}

/// Whether no key that begins with one of these is unreadable, nor a section that holds one.
bool are_readable(std::initializer_list<std::string_view> begins, const KeyPlaces& places) {
  return std::none_of(begins.begin(), begins.end(), [&](std::string_view begin) {
    return std::any_of(places.unreadable.begin(), places.unreadable.end(),
                       [&](const std::string& key) {
                         return key.starts_with(begin) || begin.starts_with(key + '.');
                       });
  });
}

/// Whether the keys say which lines belong together.
bool tells_texts(const Config& config, const KeyPlaces& places) {
  Checker checker(places);
  check_text(config, checker);
  return checker.take().empty() &&
         are_readable({"data.train_", "data.valid_", "data.source_kind", "data.json_keys",
                       "data.corpora", "data.factor_separator"},
                      places);
}

/// Whether the keys say what items, vocabularies and vectors there are.
bool tells_items(const Config& config, const KeyPlaces& places) {
  Checker checker(places);
  check_items(config, checker);
  return checker.take().empty() &&
         are_readable({"data.", "vocabulary.", "model.embedding.", "model.input."}, places);
}

}  // namespace

void check_texts(const Config& config, const KeyPlaces& places, Problems& problems) {
  const auto& data = config.data;
  const bool knows_texts = tells_texts(config, places);
  if (knows_texts && tells_items(config, places)) {
    check_files(config, false, problems);
    return;
  }
  if (knows_texts) {
    check_parallel_files(training_files(data), problems);
    check_parallel_files(validation_files(data), problems);
    const bool has_words = data.source_kind.front() == SourceKind::kText;
    if (has_words && are_readable({"model.embedding."}, places)) check_link_files(config, problems);
    return;
  }
  for (const auto* files :
       {&data.train_source, &data.train_target, &data.valid_source, &data.valid_target}) {
    for (const auto& file : *files) check_parallel_files({{{file}}, {{file}}}, problems);
  }
}

void check_run(const Config& config, const std::string& directory, Problems& problems) {
  std::error_code code;
  const auto status = std::filesystem::status(directory, code);
  if (code && status.type() != std::filesystem::file_type::not_found) {
    problems.add({directory}, "cannot be looked at (" + code.message() + ")");
  } else if (exists(status) && !is_directory(status)) {
    problems.add({directory}, "is not a directory");
  }
  const bool resumes = !directory.empty() && has_checkpoint(directory);
  check_files(config, resumes, problems);
  if (!resumes) return;
  try {
    const auto checkpoint = read_checkpoint(directory + "/training/checkpoint.safetensors");
    check_same_run(directory, parse_config(checkpoint.config, directory), config,
                   checkpoint.vectors.empty() ? OtherFiles::kVocabularies
                                              : OtherFiles::kVocabulariesAndVectors);
  } catch (const UserError& error) {
    problems.add(error.what());
  }
}

DryRun dry_run(const Config& config, const std::string& scratch) {
  const auto device = resolved(config.training.device);
  const auto sample = sampled(config, scratch);
  auto small = with_item_widths(sample.config);
  small.training.precision =
      usable_precision(small.training.precision, "training.precision", device);
  const TrainingTask task(small, {scratch}, std::nullopt, device);
  DryRun found;
  found.push_back(describe(sample.training, task.corpus().report()));
  auto model = task.new_model();
  Problems problems;
  check_parameter_patterns(config.training, named_parameters(*model), problems);
  problems.throw_if_any();
  auto teacher = load_teacher(config.training.distillation, task.vocabularies(), device);
  model->to(device);
  freeze(config.training, named_parameters(*model));
  model->train();
  found.push_back(train_on_longest(small, task, model, std::move(teacher)));
  if (task.validator() != nullptr) found.push_back(validate_longest(task, model));
  return found;
}

}  // namespace weft

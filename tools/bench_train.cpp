// weft bench train: real updates on the config's own data.

#include <ATen/Parallel.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <memory>
#include <span>

#include "base/error.h"
#include "base/log.h"
#include "base/resources.h"
#include "base/stopwatch.h"
#include "base/words.h"
#include "bench.h"
#include "bench_process.h"
#include "bench_report.h"
#include "config/checks.h"
#include "config/config_reader.h"
#include "config/device_choice.h"
#include "config/enum_names.h"
#include "kernels/machine.h"
#include "model/flops.h"
#include "nn/device.h"
#include "nn/tensor_library.h"
#include "ops/matmul_rate.h"
#include "ops/precision.h"
#include "options.h"
#include "scratch_directory.h"
#include "stop_signal.h"
#include "train/trainer.h"
#include "train/training_task.h"

namespace weft {
namespace {

using nlohmann::json;

struct BenchTrainArguments {
  std::string config_path;
  std::vector<std::string> overrides;
  int64_t updates = 100, warmup = 10;
  std::vector<int> threads;
  std::vector<std::string> precisions;
  std::optional<DeviceChoice> device;  ///< none: the config's
  std::optional<std::string> json_path;
  int64_t measured_from = 0;  ///< 0: this process only starts others
};

/// What the trainer is asked after every update: whether to stop.
class UpdateClock {
 public:
  UpdateClock(int64_t warmup, int64_t updates, const torch::Device& device)
      : warmup_(warmup), last_(warmup + updates), device_(device) {}

  bool operator()(int64_t target_tokens) {
    ++updates_;
    if (updates_ == warmup_ || updates_ == last_) synchronize(device_);
    if (updates_ == warmup_) {
      watch_ = {};
      tokens_before_ = target_tokens;
    }
    if (updates_ < last_) return stop_requested();
    seconds = watch_.seconds();
    measured_target_tokens = target_tokens - tokens_before_;
    peak_megabytes = peak_memory_megabytes();
    return true;
  }

  double seconds = 0, peak_megabytes = 0;
  int64_t measured_target_tokens = 0;

 private:
  int64_t warmup_, last_;
  torch::Device device_;
  int64_t updates_ = 0;
  int64_t tokens_before_ = 0;
  Stopwatch watch_;
};

/// Those asked for, or the config's as far as the device goes.
std::vector<Precision> precisions_to_measure(const BenchTrainArguments& arguments,
                                             const Config& config, const torch::Device& device) {
  auto precisions = precisions_of(arguments.precisions);
  for (auto& precision : precisions) {
    require_products_in(precision, "--precision", device, kTrainingPrecisions);
    precision = resolved(precision, device);
    if (precision == Precision::kInt8)
      throw UserError(
          "--precision is int8, which is for translating; expected float32 or bfloat16");
  }
  if (precisions.empty())
    precisions.push_back(usable_precision(config.training.precision, "training.precision", device));
  return precisions;
}

/// Nothing but updates.
Config config_to_measure(const BenchTrainArguments& arguments, const torch::Device& device) {
  auto config = read_config(arguments.config_path, arguments.overrides);
  config.data.valid_source.clear();
  auto& training = config.training;
  training.stop_after = training.checkpoint_every = training.log_every = {};
  training.time_limit_seconds = 0;
  training.precision = precisions_to_measure(arguments, config, device).front();
  if (!arguments.threads.empty()) training.threads = arguments.threads.front();
  return config;
}

std::size_t words_of(const Vocabulary& vocabulary, std::span<const int32_t> ids) {
  return split_whitespace(vocabulary.decode({ids.begin(), ids.end()}).text).size();
}

struct TrainingWork {
  int64_t source_words = 0, target_words = 0;
  Workload tokens;
};

/// What the updates after the first `warmup` have read.
TrainingWork work_of(const TrainingTask& task, const Config& config,
                     const BenchTrainArguments& arguments) {
  const auto& corpus = task.corpus();
  const auto& vocabularies = task.vocabularies();
  BatchStream stream(corpus, {.batch_tokens = config.training.batch_tokens,
                              .seed = static_cast<uint64_t>(config.training.seed)});
  const int64_t batches = config.training.accumulate;  // of an update
  for (int64_t i = 0; i < arguments.warmup * batches; ++i) stream.next();
  TrainingWork work;
  for (int64_t i = 0; i < arguments.updates * batches; ++i) {
    for (const int64_t index : stream.next().batch.pairs) {
      const auto pair = corpus[index];
      work.source_words += static_cast<int64_t>(
          words_of(*vocabularies.sources.front().vocabulary, pair.sources.front().ids));
      work.target_words += static_cast<int64_t>(words_of(*vocabularies.target, pair.target));
      work.tokens.add(static_cast<int64_t>(pair.sources.front().ids.size()) + 1,
                      static_cast<int64_t>(pair.target.size()) + 1);
    }
  }
  return work;
}

json training_json(const BenchTrainArguments& arguments, const Config& config,
                   const torch::Device& device, const UpdateClock& clock,
                   const BenchCounts& counts) {
  auto result = to_json(counts);
  const auto updates = static_cast<double>(arguments.updates);
  result["command"] = "train";
  result["threads"] = at::get_num_threads();
  result["device"] = format_device(*arguments.device);
  result["precision"] = to_name(config.training.precision);
  result["products"] = maker_of_products(config.training.precision, device);
  result["machine"]["libtorch"] = libtorch_version();
  result["updates"] = arguments.updates;
  result["warmup_updates"] = arguments.warmup;
  result["updates_per_second"] = updates / clock.seconds;
  result["flops_per_update"] = counts.flops / updates;
  result["peak_memory_megabytes"] = clock.peak_megabytes;
  return result;
}

json measure_training(const BenchTrainArguments& arguments) {
  set_log_level(LogLevel::kWarning);  // numbers are what is asked for
  const auto device = resolved(arguments.device.value_or(DeviceChoice{}));
  const auto config = config_to_measure(arguments, device);
  use_machine(static_cast<int>(config.training.threads));
  const ScratchDirectory scratch;
  const TrainingTask task(config,
                          {config.data.tempdir.empty() ? scratch.path() : config.data.tempdir});
  auto model = task.new_model();
  model->to(device);
  Trainer trainer(config, {.model = model, .corpus = task.corpus()});

  MatmulRate rate(config.training.precision, device);
  rate.sample();
  UpdateClock clock(arguments.warmup, arguments.updates, device);
  trainer.run({[&] { return clock(trainer.progress().target_tokens); }});
  if (stop_requested()) return {};
  rate.sample();
  const auto work = work_of(task, config, arguments);
  TORCH_CHECK(work.tokens.target_tokens == clock.measured_target_tokens,
              "the updates were on other sentences than those that were counted");
  const auto flops = model->flops();
  return training_json(arguments, config, device, clock,
                       {.seconds = clock.seconds,
                        .source_words = work.source_words,
                        .target_words = work.target_words,
                        .source_pieces = work.tokens.source_tokens,
                        .target_pieces = work.tokens.target_tokens,
                        .flops = flops.update(work.tokens),
                        .matmul_flops_per_second = rate.flops_per_second()});
}

std::vector<std::string> child_arguments(const BenchTrainArguments& arguments, int threads,
                                         Precision precision) {
  std::vector<std::string> child{"bench", "train", "--config", arguments.config_path};
  child.insert(child.end(), {"--updates", std::to_string(arguments.updates)});
  child.insert(child.end(), {"--warmup", std::to_string(arguments.warmup)});
  child.insert(child.end(), {"--threads", std::to_string(threads)});
  child.insert(child.end(), {"--precision", to_name(precision)});
  child.insert(child.end(), {"--device", format_device(*arguments.device)});
  for (const auto& setting : arguments.overrides) child.insert(child.end(), {"--set", setting});
  return child;
}

std::vector<BenchColumn> training_columns() {
  return {{"", "threads", "threads"},
          {"", "device", "device"},
          {"", "precision", "precision"},
          {"products", "by", "products"},
          {"source", "words/s", "source_words_per_second"},
          {"target", "words/s", "target_words_per_second"},
          {"source", "pieces/s", "source_pieces_per_second"},
          {"target", "pieces/s", "target_pieces_per_second"},
          {"", "updates/s", "updates_per_second", 1, 2},
          {"GFLOP/", "update", "flops_per_update", 1e-9, 1},
          {"needed", "GFLOP/s", "flops_per_second", 1e-9, 1},
          {"matmul", "GFLOP/s", "matmul_flops_per_second", 1e-9, 1},
          {"FLOPs", "used %", "model_flops_utilisation", 100, 1},
          {"memory", "MB", "peak_memory_megabytes"}};
}

void run_bench_train(BenchTrainArguments arguments) {
  const auto config = read_config(arguments.config_path, arguments.overrides);
  require_training_files(config, arguments.config_path);
  require_one_source(arguments.config_path, config);
  const auto threads = arguments.threads.empty()
                           ? std::vector<int>{static_cast<int>(config.training.threads)}
                           : arguments.threads;
  if (arguments.measured_from != 0) {
    watch_stop_signals();
    answer_with([&] { return measure_training(arguments); });
    return;
  }
  const auto device = resolved(arguments.device.value_or(config.training.device));
  arguments.device = choice_of(device);
  const auto precisions = precisions_to_measure(arguments, config, device);
  auto inputs = config.data.train_source;
  inputs.insert(inputs.end(), config.data.train_target.begin(), config.data.train_target.end());
  inputs.push_back(arguments.config_path);
  BenchReport report(training_columns(), arguments.json_path, inputs);
  for (const auto precision : precisions) {
    for (const int count : threads)
      report.add(measure_in_own_process(child_arguments(arguments, count, precision)));
  }
}

}  // namespace

void add_bench_train_command(CLI::App& bench) {
  auto* command = bench.add_subcommand("train", "Measure training on the data of a config");
  auto arguments = std::make_shared<BenchTrainArguments>();
  add_config_options(*command, arguments->config_path, arguments->overrides);
  command->add_option("--updates", arguments->updates, "Measured updates")
      ->check(integer_in(within(1, 1'000'000)))
      ->capture_default_str();
  command->add_option("--warmup", arguments->warmup, "Updates before the measured ones")
      ->check(integer_in(within(1, 1'000'000)))
      ->capture_default_str();
  add_bench_options(*command,
                    {arguments->threads, arguments->precisions, arguments->device,
                     arguments->json_path, arguments->measured_from},
                    "the config's training.device");
  command->callback([arguments] { run_bench_train(*arguments); });
}

}  // namespace weft

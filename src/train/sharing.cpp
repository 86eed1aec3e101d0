#include "train/sharing.h"

#include <torch/cuda.h>
#include <torch/types.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>

#include "base/error.h"
#include "config/compare.h"
#include "config/config_reader.h"
#include "config/dump.h"
#include "config/enum_names.h"
#include "ops/precision.h"
#include "train/process_reducer.h"

namespace weft {
namespace {

/// Keys of a host, not of a run, in one of two configs. What the files hold is compared by itself.
bool is_of_host(const std::string& key, const Config& config, const Config& other) {
  if (key.starts_with("data.valid_") &&
      config.data.valid_source.empty() != other.data.valid_source.empty())
    return false;
  for (const std::string_view prefix :
       {"data.tempdir", "data.text_cache", "data.train_", "data.valid_", "vocabulary.source_file",
        "vocabulary.target_file", "model.embedding.source_vectors",
        "model.embedding.target_vectors", "training.threads", "training.device",
        "training.log_every", "training.validation.gold", "training.guided_alignment.links"}) {
    if (key.starts_with(prefix)) return true;
  }
  return false;
}

/// Does a check that may fail in one process, so that it fails in all.
void check_together(Reducer& reducer, const std::function<void()>& check) {
  reducer.together(check, {});
}

/// The first process's vocabulary. `own`: there, the vocabulary.
std::shared_ptr<Vocabulary> shared_vocabulary(Reducer& reducer,
                                              const std::shared_ptr<Vocabulary>& own) {
  const auto ending = reducer.from_first(own ? std::string(own->file_ending()) : std::string());
  const auto bytes = reducer.from_first(own ? own->serialized() : std::string());
  return own ? own : load_vocabulary(bytes, ending, "the vocabulary of process 0");
}

/// A number that the first process knows.
std::size_t shared_count(Reducer& reducer, std::size_t own) {
  return std::stoul(reducer.from_first(std::to_string(own)));
}

}  // namespace

void check_shares(const TrainingOptions& options, const Launch& launch) {
  if (options.accumulate % launch.world == 0) return;
  throw UserError("training.accumulate is " + std::to_string(options.accumulate) +
                  "; expected a multiple of " + std::to_string(launch.world) + ", because " +
                  std::to_string(launch.world) +
                  " processes (WORLD_SIZE) share the batches of an update (--set "
                  "training.accumulate=" +
                  std::to_string((options.accumulate / launch.world + 1) * launch.world) + ")");
}

int threads_of(const TrainingOptions& options, const Launch& launch) {
  if (options.threads > 0 || launch.local_world == 1) return static_cast<int>(options.threads);
  const auto cores = static_cast<int64_t>(std::thread::hardware_concurrency());
  return static_cast<int>(std::max<int64_t>(1, cores / launch.local_world));
}

DeviceChoice device_of(const DeviceChoice& choice, const Launch& launch) {
  if (launch.world == 1 || choice.kind == DeviceChoice::Kind::kCpu) return choice;
  if (choice.kind == DeviceChoice::Kind::kAuto && !torch::cuda::is_available()) return choice;
  if (launch.local_rank) return {DeviceChoice::Kind::kCuda, *launch.local_rank};
  throw UserError(
      "LOCAL_RANK is not set; processes that train together on GPUs need it: each uses "
      "the one of its number on its host");
}

std::unique_ptr<Reducer> make_reducer(const TrainingOptions& options, const Launch& launch) {
  if (launch.world == 1) return std::make_unique<SingleProcess>();
  const auto timeout = std::chrono::duration<double>(options.peer_timeout_seconds);
  return std::make_unique<ProcessReducer>(
      launch, std::chrono::duration_cast<std::chrono::milliseconds>(timeout));
}

void check_same_config(Reducer& reducer, const Config& config) {
  if (reducer.world() == 1) return;
  const auto first = parse_config(reducer.from_first(dump_config(config)), "process 0");
  check_together(reducer, [&] {
    Problems problems;
    for (const auto& key : differing_keys(first, config)) {
      if (!is_of_host(key, first, config))
        problems.add("'" + key + "' has another value than in process 0; give all the same config");
    }
    problems.throw_if_any();
  });
}

void check_same_corpus(Reducer& reducer, const std::string& fingerprint) {
  if (reducer.world() == 1) return;
  const auto first = reducer.from_first(fingerprint);
  check_together(reducer, [&] {
    if (fingerprint != first)
      throw UserError("the training data is another than in process 0; give all the same text");
  });
}

Vocabularies shared_vocabularies(Reducer& reducer, const Vocabularies& made) {
  if (reducer.world() == 1) return made;
  Vocabularies all = made;
  all.right_to_left = shared_count(reducer, made.right_to_left) != 0;
  all.sources.resize(shared_count(reducer, made.sources.size()));
  for (auto& source : all.sources) {
    source.vocabulary = shared_vocabulary(reducer, source.vocabulary);
    auto& factors = source.factors;
    factors.separator = reducer.from_first(factors.separator);
    factors.vocabularies.resize(shared_count(reducer, factors.vocabularies.size()));
    for (auto& factor : factors.vocabularies) factor = shared_vocabulary(reducer, factor);
  }
  const bool is_shared = shared_count(reducer, made.target && made.is_shared()) != 0;
  all.target = is_shared ? all.sources.front().vocabulary : shared_vocabulary(reducer, made.target);
  return all;
}

}  // namespace weft

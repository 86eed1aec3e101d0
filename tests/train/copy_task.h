#pragma once
// A training run of seconds: copying sentences of eight words.

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/temporary_directory.h"
#include "config/config.h"
#include "model/safetensors.h"
#include "train/run_directory.h"
#include "train/training_run.h"
#include "train/training_task.h"

namespace weft {

/// Never asks training to stop.
inline bool never() { return false; }

/// Asks training to stop after the given number of updates.
inline std::function<bool()> after(int updates) {
  return [left = updates]() mutable { return --left <= 0; };
}

/// Sentences of 1 to 5 words, the same for the same seed.
inline std::string copy_lines(int count, uint32_t seed) {
  std::mt19937 random(seed);
  std::string lines;
  for (int i = 0; i < count; ++i) {
    const auto length = 1 + random() % 5;
    for (uint32_t word = 0; word < length; ++word) {
      if (word > 0) lines += ' ';
      lines += static_cast<char>('a' + random() % 8);
    }
    lines += '\n';
  }
  return lines;
}

/// A directory with text, and the config of a small model that learns it. Every kind of dropout,
/// the average and validation are in use.
class CopyTask {
 public:
  explicit CopyTask(int pairs = 60) {
    set_log_level(LogLevel::kOff);
    const auto text = copy_lines(pairs, 1);
    directory_.write("train.src", text);
    directory_.write("train.trg", text);
    const auto valid = copy_lines(12, 2);
    directory_.write("valid.src", valid);
    directory_.write("valid.trg", valid);
    config.data.train_source = {path("train.src")};
    config.data.train_target = {path("train.trg")};
    config.data.valid_source = {path("valid.src")};
    config.data.valid_target = {path("valid.trg")};
    config.vocabulary.type = VocabularyType::kWords;
    config.model.embedding = {8, 8, EmbeddingTying::kTarget};
    config.model.encoder.hidden = 12;
    config.model.attention.width = 12;
    config.model.decoder.hidden = 12;
    config.model.decoder.readout = 8;
    config.model.dropout = {0.1, 0.1, 0.1, 0.05, 0.05};
    auto& training = config.training;
    training.threads = 1;
    training.batch_tokens = 60;  // about 5 batches an epoch
    training.exponential_smoothing = 0.9;
    training.stop_after = {12, Period::Unit::kUpdates};
    training.schedule.warmup_steps = 5;
    training.optimizer.learning_rate = 0.01;
    training.log_every = {2, Period::Unit::kUpdates};
    training.validation.every = {1, Period::Unit::kEpochs};
    training.validation.metric = ValidationMetric::kLoss;
    training.validation.beam_size = 2;
  }
  ~CopyTask() { set_log_level(LogLevel::kInfo); }
  CopyTask(const CopyTask&) = delete;
  CopyTask& operator=(const CopyTask&) = delete;

  void remove_validation() {
    config.data.valid_source.clear();
    config.data.valid_target.clear();
    config.training.validation = {};
  }

  /// Trains in the directory `name` within the task's.
  TrainingEnd train(const std::string& name, const std::function<bool()>& should_stop = never,
                    const std::function<bool()>& stop_validation = {}) const {
    return train_model(config, path(name), {should_stop, stop_validation});
  }

  std::string path(const std::string& name) const { return directory_.path(name); }
  const TemporaryDirectory& directory() const { return directory_; }

  std::string checkpoint_path(const std::string& name) const {
    return path(name + "/training/checkpoint.safetensors");
  }
  Checkpoint checkpoint(const std::string& name) const {
    return read_checkpoint(checkpoint_path(name));
  }
  TensorFile weights(const std::string& name) const {
    return read_tensors(path(name + "/weights.safetensors"));
  }

  /// The lines of metrics.jsonl that report `event`.
  std::vector<nlohmann::json> events(const std::string& name, const std::string& event) const {
    std::vector<nlohmann::json> found;
    std::istringstream lines(directory_.read(name + "/metrics.jsonl"));
    for (std::string line; std::getline(lines, line);) {
      auto object = nlohmann::json::parse(line);
      if (object.at("event") == event) found.push_back(std::move(object));
    }
    return found;
  }

  /// All lines of metrics.jsonl but those that tell of resuming, without what depends on the clock.
  std::vector<std::string> history(const std::string& name) const {
    std::vector<std::string> found;
    std::istringstream lines(directory_.read(name + "/metrics.jsonl"));
    for (std::string line; std::getline(lines, line);) {
      auto object = nlohmann::json::parse(line);
      if (object.at("event") == "resume") continue;
      for (const char* key : {"seconds", "target_tokens_per_second", "source_tokens_per_second"})
        object.erase(key);
      found.push_back(object.dump());
    }
    return found;
  }

  Config config;

 private:
  TemporaryDirectory directory_;
};

}  // namespace weft

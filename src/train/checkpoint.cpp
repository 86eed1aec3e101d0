#include "train/checkpoint.h"

#include <torch/types.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.h"
#include "model/safetensors.h"

namespace weft {
namespace {

using nlohmann::json;

constexpr int kVersion = 3;
constexpr const char* kVersionKey = "weft_checkpoint";
constexpr const char* kGenerator = "generator";
constexpr const char* kGpuGenerator = "gpu_generator";

json optional_number(const std::optional<double>& number) {
  return number ? json(*number) : json();
}

json to_json(const LogWindow& window) {
  return {{"loss", window.loss},
          {"guided", window.guided},
          {"head", window.head},
          {"risk", window.risk},
          {"loss_tokens", window.loss_tokens},
          {"source_tokens", window.source_tokens},
          {"target_tokens", window.target_tokens},
          {"seconds", window.seconds}};
}

json to_json(const MetricProgress& metric) {
  return {{"best", optional_number(metric.best)},
          {"best_updates", metric.best_updates},
          {"stalled", metric.stalled}};
}

MetricProgress metric_from_json(const json& object) {
  MetricProgress metric;
  if (!object.at("best").is_null()) metric.best = object["best"].get<double>();
  object.at("best_updates").get_to(metric.best_updates);
  object.at("stalled").get_to(metric.stalled);
  return metric;
}

json to_json(const TrainingProgress& progress) {
  json more = json::array();
  for (const auto& metric : progress.more) more.push_back(to_json(metric));
  return {{"updates", progress.updates},
          {"skipped", progress.skipped},
          {"skipped_in_row", progress.skipped_in_row},
          {"returns", progress.returns},
          {"epoch", progress.position.epoch},
          {"window", progress.position.window},
          {"batch", progress.position.batch},
          {"sentences", progress.sentences},
          {"target_tokens", progress.target_tokens},
          {"seconds", progress.seconds},
          {"wall_seconds", progress.wall_seconds},
          {"validations", progress.validations},
          {"validated_at", progress.validated_at},
          {"validation_due", progress.validation_due},
          {"stalled", progress.stalled},
          {"best", optional_number(progress.best)},
          {"best_updates", progress.best_updates},
          {"more_metrics", more},
          {"baseline", optional_number(progress.baseline)},
          {"ended_at", progress.ended_at},
          {"log_window", to_json(progress.window)}};
}

LogWindow window_from_json(const json& object) {
  LogWindow window;
  object.at("loss").get_to(window.loss);
  window.guided = object.value("guided", window.guided);
  window.head = object.value("head", window.head);
  window.risk = object.value("risk", window.risk);
  object.at("loss_tokens").get_to(window.loss_tokens);
  object.at("source_tokens").get_to(window.source_tokens);
  object.at("target_tokens").get_to(window.target_tokens);
  object.at("seconds").get_to(window.seconds);
  return window;
}

/// What both versions have.
TrainingProgress common_progress(const json& object) {
  TrainingProgress progress;
  object.at("updates").get_to(progress.updates);
  object.at("skipped").get_to(progress.skipped);
  progress.skipped_in_row = object.value("skipped_in_row", progress.skipped_in_row);
  progress.returns = object.value("returns", progress.returns);
  object.at("epoch").get_to(progress.position.epoch);
  object.at("window").get_to(progress.position.window);
  object.at("batch").get_to(progress.position.batch);
  object.at("sentences").get_to(progress.sentences);
  object.at("target_tokens").get_to(progress.target_tokens);
  object.at("seconds").get_to(progress.seconds);
  object.at("validations").get_to(progress.validations);
  progress.validated_at = object.value("validated_at", progress.validated_at);
  progress.validation_due = object.value("validation_due", false);
  object.at("stalled").get_to(progress.stalled);
  if (!object.at("best").is_null()) progress.best = object.at("best").get<double>();
  for (const auto& metric : object.value("more_metrics", json::array()))
    progress.more.push_back(metric_from_json(metric));
  if (object.contains("baseline") && !object["baseline"].is_null())
    progress.baseline = object["baseline"].get<double>();
  return progress;
}

/// Version 2 knew plateaus alone, which stood with the progress.
void take_version_2(const json& object, Checkpoint& checkpoint) {
  checkpoint.progress.wall_seconds = checkpoint.progress.seconds;
  checkpoint.schedule = {{"plateau_scale", object.at("rate_scale").get<double>()},
                         {"plateau_stalled", object.at("stalled_since_decay").get<double>()}};
}

void take_version_3(const TensorFile& file, const json& object, Checkpoint& checkpoint) {
  auto& progress = checkpoint.progress;
  object.at("wall_seconds").get_to(progress.wall_seconds);
  object.at("best_updates").get_to(progress.best_updates);
  object.at("ended_at").get_to(progress.ended_at);
  progress.window = window_from_json(object.at("log_window"));
  checkpoint.schedule = json::parse(file.metadata.at("schedule")).get<ScheduleState>();
  checkpoint.validation = file.metadata.at("validation");
  if (const auto vectors = file.metadata.find("vectors"); vectors != file.metadata.end())
    checkpoint.vectors = vectors->second;
  checkpoint.metrics_bytes = json::parse(file.metadata.at("metrics_bytes")).get<int64_t>();
}

int version_of(const std::string& path, const TensorFile& file) {
  const auto found = file.metadata.find(kVersionKey);
  if (found == file.metadata.end()) throw UserError({path}, "is not a checkpoint of Weft");
  const int version = std::atoi(found->second.c_str());
  if (version > kVersion) {
    throw UserError({path}, "is a checkpoint of version " + found->second +
                                "; this program reads versions 2 and 3. A newer Weft is needed");
  }
  if (version < 2) {
    throw UserError({path}, "is a checkpoint of version " + found->second +
                                ", which cannot be resumed; expected version 2 or 3. The "
                                "model beside it can be used as it is");
  }
  return version;
}

}  // namespace

TensorFile tensor_file(const Checkpoint& checkpoint) {
  TensorFile file{checkpoint.tensors, {}};
  file.tensors[kGenerator] = checkpoint.generator;
  if (checkpoint.gpu_generator.defined()) file.tensors[kGpuGenerator] = checkpoint.gpu_generator;
  file.metadata = {{kVersionKey, std::to_string(kVersion)},
                   {"progress", to_json(checkpoint.progress).dump()},
                   {"schedule", json(checkpoint.schedule).dump()},
                   {"config", checkpoint.config},
                   {"corpus", checkpoint.corpus},
                   {"validation", checkpoint.validation},
                   {"vectors", checkpoint.vectors},
                   {"metrics_bytes", std::to_string(checkpoint.metrics_bytes)}};
  return file;
}

void write_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
  write_tensors(path, tensor_file(checkpoint));
}

Checkpoint read_checkpoint(const std::string& path) {
  return checkpoint_of(read_tensors(path), path);
}

Checkpoint checkpoint_of(TensorFile file, const std::string& path) {
  const int version = version_of(path, file);
  Checkpoint checkpoint;
  try {
    const auto progress = json::parse(file.metadata.at("progress"));
    checkpoint.progress = common_progress(progress);
    checkpoint.config = file.metadata.at("config");
    checkpoint.corpus = file.metadata.at("corpus");
    checkpoint.generator = file.tensors.at(kGenerator);
    if (version == 2) take_version_2(progress, checkpoint);
    if (version == 3) take_version_3(file, progress, checkpoint);
  } catch (const std::exception& failure) {
    throw UserError({path}, std::string("is damaged (") + failure.what() + ")");
  }
  const auto gpu_generator = file.tensors.find(kGpuGenerator);
  if (gpu_generator != file.tensors.end()) checkpoint.gpu_generator = gpu_generator->second;
  file.tensors.erase(kGenerator);
  file.tensors.erase(kGpuGenerator);
  checkpoint.tensors = std::move(file.tensors);
  return checkpoint;
}

}  // namespace weft

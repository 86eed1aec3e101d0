#include "train/checkpoint.h"

#include <torch/torch.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "model/safetensors.h"

namespace weft {
namespace {

using nlohmann::json;

constexpr const char* kVersion = "2";
constexpr const char* kGenerator = "generator";

std::string checkpoint_path(const std::string& directory) {
  return (std::filesystem::path(directory) / "training" / "checkpoint.safetensors").string();
}

json optional_number(const std::optional<double>& number) {
  return number ? json(*number) : json();
}

json to_json(const TrainingProgress& progress) {
  return {{"updates", progress.updates},
          {"skipped", progress.skipped},
          {"epoch", progress.position.epoch},
          {"window", progress.position.window},
          {"batch", progress.position.batch},
          {"sentences", progress.sentences},
          {"target_tokens", progress.target_tokens},
          {"seconds", progress.seconds},
          {"rate_scale", progress.rate_scale},
          {"validations", progress.validations},
          {"validated_at", progress.validated_at},
          {"stalled", progress.stalled},
          {"stalled_since_decay", progress.stalled_since_decay},
          {"best", optional_number(progress.best)},
          {"baseline", optional_number(progress.baseline)}};
}

TrainingProgress from_json(const json& object) {
  TrainingProgress progress;
  object.at("updates").get_to(progress.updates);
  object.at("skipped").get_to(progress.skipped);
  object.at("epoch").get_to(progress.position.epoch);
  object.at("window").get_to(progress.position.window);
  object.at("batch").get_to(progress.position.batch);
  object.at("sentences").get_to(progress.sentences);
  object.at("target_tokens").get_to(progress.target_tokens);
  object.at("seconds").get_to(progress.seconds);
  object.at("rate_scale").get_to(progress.rate_scale);
  object.at("validations").get_to(progress.validations);
  progress.validated_at = object.value("validated_at", progress.validated_at);
  object.at("stalled").get_to(progress.stalled);
  object.at("stalled_since_decay").get_to(progress.stalled_since_decay);
  if (!object.at("best").is_null()) progress.best = object.at("best").get<double>();
  if (object.contains("baseline") && !object["baseline"].is_null())
    progress.baseline = object["baseline"].get<double>();
  return progress;
}

}  // namespace

bool has_checkpoint(const std::string& directory) {
  return std::filesystem::exists(checkpoint_path(directory));
}

void write_checkpoint(const std::string& directory, const Checkpoint& checkpoint) {
  const auto path = checkpoint_path(directory);
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  if (error) throw UserError({path}, "cannot be written (" + error.message() + ")");
  TensorFile file{checkpoint.tensors, {}};
  file.tensors[kGenerator] = checkpoint.generator;
  file.metadata = {{"weft_checkpoint", kVersion},
                   {"progress", to_json(checkpoint.progress).dump()},
                   {"config", checkpoint.config},
                   {"corpus", checkpoint.corpus}};
  write_tensors(path, file);
}

Checkpoint read_checkpoint(const std::string& directory) {
  const auto path = checkpoint_path(directory);
  auto file = read_tensors(path);
  const auto version = file.metadata.find("weft_checkpoint");
  if (version == file.metadata.end() || version->second != kVersion) {
    throw UserError({path}, "is not a checkpoint of this version of Weft (version " +
                                (version == file.metadata.end() ? "unknown" : version->second) +
                                "; expected " + kVersion + ")");
  }
  Checkpoint checkpoint;
  try {
    checkpoint.progress = from_json(json::parse(file.metadata.at("progress")));
    checkpoint.config = file.metadata.at("config");
    checkpoint.corpus = file.metadata.at("corpus");
    checkpoint.generator = file.tensors.at(kGenerator);
  } catch (const std::exception& failure) {
    throw UserError({path}, std::string("is damaged (") + failure.what() + ")");
  }
  file.tensors.erase(kGenerator);
  checkpoint.tensors = std::move(file.tensors);
  return checkpoint;
}

}  // namespace weft

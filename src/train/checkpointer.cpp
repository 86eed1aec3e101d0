#include "train/checkpointer.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "config/enum_names.h"
#include "model/safetensors.h"
#include "train/run_state.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUpdates = "updates";

/// Gives a file a second name, or, where a file system has no such thing, copies it.
void copy_file(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::remove(to, error);
  if (::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) == 0) return;
  write_tensors(to, read_tensors(from));
}

void remove_file(const std::string& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) throw UserError({path}, "cannot be removed (" + error.message() + ")");
}

}  // namespace

Checkpointer::Checkpointer(const RunDirectory& directory, Vocabularies vocabularies)
    : directory_(directory),
      vocabularies_(std::move(vocabularies)),
      metrics_(directory.metrics()) {}

void Checkpointer::go_on(int64_t best_updates, int64_t metrics_bytes) {
  if (metrics_bytes >= 0) metrics_.cut(metrics_bytes);
  reinstate_best(best_updates);
}

void Checkpointer::write(Checkpoint checkpoint) {
  metrics_.sync();
  metrics_bytes_ = metrics_.size();
  write_ended(std::move(checkpoint));
}

std::optional<Checkpoint> Checkpointer::read_good() const {
  std::error_code error;
  if (!fs::exists(directory_.checkpoint(), error)) return std::nullopt;
  auto checkpoint = read_checkpoint(directory_.checkpoint());
  if (!is_good(checkpoint)) return std::nullopt;
  return checkpoint;
}

void Checkpointer::write_ended(Checkpoint checkpoint) {
  checkpoint.metrics_bytes = metrics_bytes_;
  write_checkpoint(directory_.checkpoint(), checkpoint);
}

void Checkpointer::write_model(const std::string& path, const NamedTensors& weights,
                               int64_t updates, std::optional<double> score) const {
  std::map<std::string, std::string> metadata{{kUpdates, std::to_string(updates)}};
  if (score) metadata["best_validation"] = std::to_string(*score);
  write_weights(path, weights, vocabularies_, metadata);
}

void Checkpointer::write_with_best(const Checkpoint& checkpoint, const NamedTensors& weights) {
  const auto& progress = checkpoint.progress;
  write_model(directory_.best(), weights, progress.best_updates, progress.best);
  write(checkpoint);
  show_best();
}

void Checkpointer::write_best_by(ValidationMetric metric, const Config& config,
                                 const NamedTensors& weights, int64_t updates, double score) const {
  const auto model = directory_.best_by(to_name(metric));
  write_model_description(model, config, vocabularies_);
  write_model(model + "/" + kWeightsFile, weights, updates, score);
}

void Checkpointer::show_best() const { replace_file(directory_.best(), directory_.weights()); }

void Checkpointer::show_last(const NamedTensors& weights, int64_t updates,
                             std::optional<double> score, bool has_best) {
  std::error_code error;
  if (has_best && fs::exists(directory_.weights(), error)) {
    copy_file(directory_.weights(), directory_.best());
    sync_directory(directory_.file("training"));
  }
  write_model(directory_.weights(), weights, updates, score);
}

void Checkpointer::reinstate_best(int64_t best_updates) const {
  std::error_code error;
  if (!fs::exists(directory_.best(), error)) return;
  std::string updates;
  {
    const auto file = read_tensors(directory_.best());
    const auto found = file.metadata.find(kUpdates);
    if (found != file.metadata.end()) updates = found->second;
  }
  if (updates == std::to_string(best_updates)) {
    show_best();
  } else {
    remove_file(directory_.best());
  }
}

}  // namespace weft

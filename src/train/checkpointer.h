#pragma once
// What a run keeps on disk, changed as one: whatever interrupts it, the next start finds weights,
// best model, metrics and counters of one and the same update.

#include <cstdint>
#include <optional>
#include <string>

#include "model/model_directory.h"
#include "train/checkpoint.h"
#include "train/metrics_file.h"
#include "train/run_directory.h"

namespace weft {

/// A checkpoint is what counts: it takes effect when its file is renamed. metrics.jsonl is on the
/// disk by then, and what stands behind the bytes that the checkpoint counts is dropped on
/// resuming. A new best model is written to training/best.safetensors before the checkpoint that
/// knows of it, and takes the place of weights.safetensors after it; a kill in between leaves a
/// file whose update the checkpoint names.
class Checkpointer {
 public:
  /// `directory` must outlive it.
  Checkpointer(const RunDirectory& directory, Vocabularies vocabularies);

  const std::string& path() const { return directory_.path(); }
  MetricsFile& metrics() { return metrics_; }

  /// Before the first update of a process: metrics end where the checkpoint that it begins with
  /// counts them to (-1: not known), and the model to be seen is that checkpoint's best, of update
  /// `best_updates`. Throws UserError as all that follow do, if the disk refuses.
  void go_on(int64_t best_updates, int64_t metrics_bytes);
  void write(Checkpoint checkpoint);
  /// The last one that was written, if there is any and is_good().
  std::optional<Checkpoint> read_good() const;
  /// With the model that the run's best validation, that of the checkpoint's last update, was of.
  void write_with_best(const Checkpoint& checkpoint, const NamedTensors& weights);
  /// A whole model in a directory of its own, best/METRIC: the best one by one of more_metrics.
  void write_best_by(ValidationMetric metric, const Config& config, const NamedTensors& weights,
                     int64_t updates, double score) const;
  /// At an end, after write(): the last model is to be seen. The best one, if there is one, is kept
  /// for a run that goes on. `score`: of the validation metric.
  void show_last(const NamedTensors& weights, int64_t updates, std::optional<double> score,
                 bool has_best);
  /// The checkpoint of an end again, which says that its model is there. Metrics since write() do
  /// not count: they go when the run goes on.
  void write_ended(Checkpoint checkpoint);

 private:
  void reinstate_best(int64_t best_updates) const;
  void write_model(const std::string& path, const NamedTensors& weights, int64_t updates,
                   std::optional<double> score) const;
  void show_best() const;

  const RunDirectory& directory_;
  Vocabularies vocabularies_;
  MetricsFile metrics_;
  int64_t metrics_bytes_ = 0;  // that the last checkpoint counts
};

}  // namespace weft

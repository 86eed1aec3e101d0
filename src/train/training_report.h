#pragma once
// What people and programs hear of training: log lines, a progress bar, metrics.jsonl.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/progress.h"
#include "data/batch_stream.h"
#include "train/checkpoint.h"
#include "train/metrics_file.h"
#include "train/validator.h"

namespace weft {

class TrainingReport {
 public:
  explicit TrainingReport(const std::string& directory);
  void resumed(const TrainingProgress& progress);
  /// After every update; `pairs` in an epoch.
  void updated(const TrainingProgress& progress, const StreamedBatch& streamed, int64_t pairs);
  /// Summed over the target tokens of the last batch.
  void add_loss(double negative_log_likelihood) { loss_ += negative_log_likelihood; }
  /// One line about the updates since the last, in the shape that Marian's readers parse.
  void log(const TrainingProgress& progress, double rate);
  /// `first`: where the source of the batch's first pair stands.
  void skipped(const TrainingProgress& progress, const Batch& batch, const Location& first);
  void validated(const TrainingProgress& progress, const ValidationResult& result,
                 const Validator& validator);

 private:
  void show_progress(const TrainingProgress& progress, const StreamedBatch& streamed,
                     int64_t pairs);

  MetricsFile metrics_;
  bool shows_bar_;                    // elsewhere than on a terminal, log() writes plain lines
  std::unique_ptr<ProgressBar> bar_;  // of the epoch that is under way
  // Since the last log line:
  double loss_ = 0;
  double seconds_before_ = 0;
  int64_t source_tokens_ = 0;
  int64_t target_tokens_ = 0;
};

}  // namespace weft

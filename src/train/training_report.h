#pragma once
// What people and programs hear of training: log lines, a progress bar, metrics.jsonl.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/progress.h"
#include "base/stopwatch.h"
#include "train/metrics_file.h"
#include "train/reducer.h"
#include "train/training_progress.h"
#include "train/validator.h"

namespace weft {

class TrainingReport {
 public:
  /// `metrics` may be null, for a run that is not recorded; else it must outlive the report.
  explicit TrainingReport(MetricsFile* metrics);
  void resumed(const TrainingProgress& progress);
  /// After every update: draws the bar, and logs a line if none has been logged for a minute.
  /// `pairs_of_epoch` of `pairs` are done.
  void updated(const TrainingProgress& progress, double rate, int64_t pairs_of_epoch,
               int64_t pairs);
  /// One line about the updates of progress.window, in the shape that Marian's readers parse; also
  /// into the metrics.
  void log(const TrainingProgress& progress, double rate);
  /// An update that has changed nothing.
  struct SkippedUpdate {
    int64_t update;       ///< its number
    bool loss_is_finite;  ///< then the gradient is not
    std::vector<int64_t> pairs;
  };
  void skipped(const SkippedUpdate& skipped, const ParallelCorpus& corpus);
  /// Training that had come as far as `from` goes on from `to`, whose rate was multiplied.
  void went_back(const TrainingProgress& from, const TrainingProgress& to, double rate_factor);
  /// `verdict`: what the validation means, for people.
  void validated(const TrainingProgress& progress, const ValidationResult& result,
                 const Validator& validator, const std::string& verdict);

 private:
  void show_progress(const TrainingProgress& progress, int64_t pairs_of_epoch, int64_t pairs);
  using Values = std::vector<std::pair<std::string, MetricsFile::Value>>;
  void write(const std::string& event, const Values& values);

  MetricsFile* metrics_;
  bool shows_bar_;                    // elsewhere than on a terminal, log() writes plain lines
  std::unique_ptr<ProgressBar> bar_;  // of the epoch that is under way
  int64_t bar_epoch_ = -1;
  Stopwatch since_line_;
};

}  // namespace weft

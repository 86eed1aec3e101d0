#pragma once
// When something is due in training, and when training ends.

#include <optional>

#include "config/training_options.h"
#include "train/training_progress.h"

namespace weft {

enum class TrainingEnd {
  kStopAfter,    ///< training.stop_after is reached
  kPatience,     ///< validation has not improved for long enough
  kTimeLimit,    ///< training.time_limit_seconds is used up
  kInterrupted,  ///< somebody asked to stop
};

/// Whether the last update, before which training stood at `before`, completed a period.
bool is_due(const Period& period, const TrainingProgress& progress, const ProgressMark& before);

class StopPolicy {
 public:
  explicit StopPolicy(const TrainingOptions& options) : options_(options) {}
  /// Nothing: training goes on.
  std::optional<TrainingEnd> end(const TrainingProgress& progress) const;

 private:
  TrainingOptions options_;
};

}  // namespace weft

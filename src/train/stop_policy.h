#pragma once
// When something is due in training, and when training ends.

#include <functional>
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

/// What training asks whoever runs it.
struct StopRequests {
  /// Whether to stop, after every update.
  std::function<bool()> after_update;
  /// Whether to give a validation up, before each of its batches, by several threads at once. None:
  /// it is always finished.
  std::function<bool()> in_validation = {};
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

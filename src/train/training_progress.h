#pragma once
// How far training has come.

#include <cstdint>
#include <optional>
#include <vector>

#include "data/batch_stream.h"

namespace weft {

/// What the next log line will tell about: sums over the updates since the last.
struct LogWindow {
  double loss = 0;          ///< of all target tokens but those of skipped updates
  int64_t loss_tokens = 0;  ///< that `loss` is of
  int64_t source_tokens = 0;
  int64_t target_tokens = 0;
  double seconds = 0;  ///< spent in these updates
  double guided = 0;   ///< the guided loss of the tokens of `loss`, without its weight
  double head = 0;     ///< the alignment head's loss of them
  double risk = 0;     ///< the expected cost of translations in their place
};

/// What validations have said of one metric.
struct MetricProgress {
  std::optional<double> best;  ///< its best value
  int64_t best_updates = 0;    ///< updates before that
  int64_t stalled = 0;         ///< validations since
};

/// A value type: what is in it is saved and restored.
struct TrainingProgress {
  int64_t updates = 0;
  int64_t skipped = 0;         ///< of the updates, because the loss or the gradient was not finite
  int64_t skipped_in_row = 0;  ///< of the last updates, all of which were skipped
  int64_t returns = 0;         ///< times that training went back to a checkpoint
  DataPosition position;       ///< of the next batch
  int64_t sentences = 0;
  int64_t target_tokens = 0;
  double seconds = 0;                ///< spent in updates, over all runs
  double wall_seconds = 0;           ///< over all runs, from their start
  int64_t validations = 0;           ///< those that were due; not the one that an end adds
  int64_t validated_at = 0;          ///< updates before the last of them
  bool validation_due = false;       ///< one was given up, and is to be made before the next update
  int64_t stalled = 0;               ///< of them, since the best one
  std::optional<double> best;        ///< the best value of the validation metric
  int64_t best_updates = 0;          ///< updates before the best validation
  std::vector<MetricProgress> more;  ///< the same of each of training.validation.more_metrics
  std::optional<double> baseline;    ///< of hard attention: the moving mean of log p(y_i), in nats
  int64_t ended_at = -1;  ///< updates at the last end whose model was written; -1: there was none
  LogWindow window;
};

/// Where training stood before an update.
struct ProgressMark {
  int64_t epoch = 0;
  int64_t target_tokens = 0;
};

}  // namespace weft

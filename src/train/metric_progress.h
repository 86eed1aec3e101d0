#pragma once
// What became of a metric from validation to validation.

#include <string>
#include <vector>

#include "config/training_options.h"
#include "train/training_progress.h"
#include "train/validator.h"

namespace weft {

/// A metric that a run watches, and its progress.
struct WatchedMetric {
  ValidationMetric metric;
  int64_t patience;  ///< 0: no end
  MetricProgress progress;
};

/// training.validation.metric and then more_metrics, as far as training has come.
std::vector<WatchedMetric> watched_metrics(const ValidationOptions& options,
                                           const TrainingProgress& progress);

/// Whether the metrics have lost their patience, as training.validation.stop_on counts them.
bool lost_patience(const ValidationOptions& options, const TrainingProgress& progress);

/// Those that have: "no better bleu in 3 validations, no better chrf in 4".
std::string describe_lost_patience(const ValidationOptions& options,
                                   const TrainingProgress& progress);

/// Counts what a validation says of a metric. True if it is the best so far. A value that is
/// missing neither is nor counts as one that is not better.
bool count_validation(const ValidationResult& result, ValidationMetric metric,
                      const ValidationOptions& options, int64_t updates, MetricProgress& progress);

}  // namespace weft

#include "train/stop_policy.h"

#include "train/metric_progress.h"

namespace weft {
namespace {

/// What a period counts.
int64_t amount(Period::Unit unit, const TrainingProgress& progress) {
  switch (unit) {
    case Period::Unit::kUpdates:
      return progress.updates;
    case Period::Unit::kEpochs:
      return progress.position.epoch;
    case Period::Unit::kTargetTokens:
      return progress.target_tokens;
  }
  return 0;
}

int64_t amount_before(Period::Unit unit, const TrainingProgress& progress,
                      const ProgressMark& before) {
  switch (unit) {
    case Period::Unit::kUpdates:
      return progress.updates - 1;
    case Period::Unit::kEpochs:
      return before.epoch;
    case Period::Unit::kTargetTokens:
      return before.target_tokens;
  }
  return 0;
}

}  // namespace

bool is_due(const Period& period, const TrainingProgress& progress, const ProgressMark& before) {
  return period.count > 0 && amount(period.unit, progress) / period.count >
                                 amount_before(period.unit, progress, before) / period.count;
}

std::optional<TrainingEnd> StopPolicy::end(const TrainingProgress& progress) const {
  const Period stop = options_.stop_after;
  if (stop.count > 0 && amount(stop.unit, progress) >= stop.count) return TrainingEnd::kStopAfter;
  if (lost_patience(options_.validation, progress)) return TrainingEnd::kPatience;
  const double limit = options_.time_limit_seconds;
  if (limit > 0 && progress.wall_seconds >= limit) return TrainingEnd::kTimeLimit;
  return std::nullopt;
}

}  // namespace weft

#include "train/metric_progress.h"

#include <algorithm>

namespace weft {

std::vector<WatchedMetric> watched_metrics(const ValidationOptions& options,
                                           const TrainingProgress& progress) {
  std::vector<WatchedMetric> watched{
      {options.metric, options.patience, {progress.best, progress.best_updates, progress.stalled}}};
  for (std::size_t i = 0; i < options.more_metrics.size(); ++i) {
    watched.push_back(
        {options.more_metrics[i],
         options.more_patience.empty() ? options.patience : options.more_patience.at(i),
         i < progress.more.size() ? progress.more[i] : MetricProgress()});
  }
  return watched;
}

bool lost_patience(const ValidationOptions& options, const TrainingProgress& progress) {
  auto watched = watched_metrics(options, progress);
  if (options.stop_on == StopOn::kFirst) watched.resize(1);
  std::erase_if(watched, [](const auto& metric) { return metric.patience == 0; });
  const auto lost = [](const auto& metric) { return metric.progress.stalled >= metric.patience; };
  if (options.stop_on == StopOn::kAny) return std::any_of(watched.begin(), watched.end(), lost);
  return !watched.empty() && std::all_of(watched.begin(), watched.end(), lost);
}

bool count_validation(const ValidationResult& result, ValidationMetric metric,
                      const ValidationOptions& options, int64_t updates, MetricProgress& progress) {
  if (metric == ValidationMetric::kCommand && result.is_sound() && !result.command) return false;
  const bool is_best = is_better(result, metric, progress.best, options.command_minimizes);
  progress.stalled = is_best ? 0 : progress.stalled + 1;
  if (!is_best) return false;
  progress.best = metric_value(result, metric);
  progress.best_updates = updates;
  return true;
}

}  // namespace weft

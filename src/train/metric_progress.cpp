#include "train/metric_progress.h"

#include <algorithm>

#include "config/enum_names.h"

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

namespace {

bool has_lost_patience(const WatchedMetric& metric) {
  return metric.patience > 0 && metric.progress.stalled >= metric.patience;
}

}  // namespace

std::string describe_lost_patience(const ValidationOptions& options,
                                   const TrainingProgress& progress) {
  auto watched = watched_metrics(options, progress);
  if (options.stop_on == StopOn::kFirst) watched.resize(1);
  std::string text;
  for (const auto& metric : watched) {
    if (!has_lost_patience(metric)) continue;
    const auto stalled = std::to_string(metric.progress.stalled);
    const bool is_first = text.empty();
    text += (is_first ? "no better " : ", no better ") + to_name(metric.metric) + " in " + stalled;
    if (is_first) text += metric.progress.stalled == 1 ? " validation" : " validations";
  }
  return text;
}

bool lost_patience(const ValidationOptions& options, const TrainingProgress& progress) {
  auto watched = watched_metrics(options, progress);
  if (options.stop_on == StopOn::kFirst) watched.resize(1);
  std::erase_if(watched, [](const auto& metric) { return metric.patience == 0; });
  if (options.stop_on == StopOn::kAny)
    return std::any_of(watched.begin(), watched.end(), has_lost_patience);
  return !watched.empty() && std::all_of(watched.begin(), watched.end(), has_lost_patience);
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

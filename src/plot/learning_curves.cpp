#include "plot/learning_curves.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/log.h"
#include "base/messages.h"
#include "base/number_text.h"

namespace weft {
namespace {

/// What a quantity is called, and its unit.
std::string title_of(const std::string& key) {
  static const std::map<std::string, std::string> kTitles{
      {"loss", "Loss (nats a target token)"},
      {"perplexity", "Perplexity"},
      {"bleu", "BLEU"},
      {"chrf", "chrF"},
      {"aer", "Alignment error rate"},
      {"head_aer", "Alignment error rate of the head"},
      {"guided", "Loss of guided alignment"},
      {"head", "Loss of the alignment head"},
      {"risk", "Expected cost of translations"},
      {"learning_rate", "Learning rate"},
      {"target_tokens_per_second", "Target tokens a second"},
      {"source_tokens_per_second", "Source tokens a second"}};
  const auto known = kTitles.find(key);
  return known == kTitles.end() ? key : known->second;
}

Curve curve_of(const MetricsLog& run, bool validates, const std::string& key, CurveScale scale) {
  Curve curve;
  curve.kind = validates ? "validation" : "training";
  curve.has_marks = validates;
  std::size_t gaps = 0;
  for (const auto& event : run.events) {
    if (event.validates != validates) continue;
    const double x =
        scale == CurveScale::kUpdates ? static_cast<double>(event.updates) : event.seconds;
    for (const auto& [name, value] : event.values) {
      if (name != key) continue;
      if (!std::isfinite(value) || !std::isfinite(x)) ++gaps;
      const double y = std::isfinite(x) ? value : x;
      curve.points.push_back({std::isfinite(x) ? x : 0, y,
                              "update " + std::to_string(event.updates) + ": " +
                                  shortest_number(std::round(value * 1e4) / 1e4)});
    }
  }
  if (gaps > 0)
    log_warning(run.path + ": " + std::to_string(gaps) + " of " +
                std::to_string(curve.points.size()) + " values of " + key + " in " + curve.kind +
                " are not finite; they are gaps");
  return curve;
}

bool is_seen(const Curve& curve) {
  return std::any_of(curve.points.begin(), curve.points.end(),
                     [](const CurvePoint& point) { return std::isfinite(point.y); });
}

Chart chart_of(const std::vector<MetricsLog>& runs, const std::string& key, CurveScale scale) {
  Chart chart;
  chart.title = title_of(key);
  chart.x_title = scale == CurveScale::kUpdates ? "updates" : "seconds of training";
  for (const bool validates : {false, true}) {
    for (std::size_t run = 0; run < runs.size(); ++run) {
      auto curve = curve_of(runs[run], validates, key, scale);
      curve.run = run;
      if (is_seen(curve)) chart.curves.push_back(std::move(curve));
    }
  }
  return chart;
}

void require_known(const std::vector<MetricsLog>& runs, const std::vector<std::string>& keys) {
  std::vector<std::string> known;
  for (const auto& run : runs)
    for (auto& key : run.keys())
      if (std::find(known.begin(), known.end(), key) == known.end()) known.push_back(key);
  for (const auto& key : keys)
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw UserError("--values: " + unknown_name("value", key, known));
}

}  // namespace

Figure learning_curves(const std::vector<MetricsLog>& runs, const std::vector<std::string>& keys,
                       CurveScale scale) {
  require_known(runs, keys);
  Figure figure;
  for (const auto& run : runs) figure.runs.push_back(run.name);
  const std::vector<std::string> usual{"loss", "bleu", "aer", "learning_rate"};
  for (const auto& key : keys.empty() ? usual : keys) {
    auto chart = chart_of(runs, key, scale);
    if (!chart.curves.empty()) figure.charts.push_back(std::move(chart));
  }
  if (figure.charts.empty())
    throw UserError("there is nothing to draw: no value of " +
                    join_alternatives(keys.empty() ? usual : keys) + " is a finite number");
  return figure;
}

}  // namespace weft

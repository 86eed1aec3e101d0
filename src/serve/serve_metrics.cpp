#include "serve/serve_metrics.h"

#include <algorithm>

#include "base/number_text.h"
#include "base/resources.h"

namespace weft {
namespace {

std::string sample(const std::string& name, const std::string& labels, const std::string& value) {
  return name + (labels.empty() ? "" : '{' + labels + '}') + ' ' + value + '\n';
}

std::string header(const std::string& name, const std::string& type, const std::string& help) {
  return "# HELP " + name + ' ' + help + "\n# TYPE " + name + ' ' + type + '\n';
}

}  // namespace

void Histogram::add(double value) {
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  ++counts_[static_cast<std::size_t>(bound - bounds_.begin())];
  sum_ += value;
}

std::string Histogram::text(const std::string& name, const std::string& labels) const {
  std::string text;
  int64_t count = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    count += counts_[i];
    const auto bound = i < bounds_.size() ? shortest_number(bounds_[i]) : "+Inf";
    text += sample(name + "_bucket", labels + (labels.empty() ? "" : ",") + "le=\"" + bound + '"',
                   std::to_string(count));
  }
  return text + sample(name + "_sum", labels, shortest_number(sum_)) +
         sample(name + "_count", labels, std::to_string(count));
}

void ServeMetrics::count_request(const std::string& path, int status, double seconds) {
  const std::lock_guard lock(mutex_);
  ++requests_[{path, status}];
  const Histogram empty({0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30});
  request_seconds_.try_emplace(path, empty).first->second.add(seconds);
}

void ServeMetrics::count_batch(std::size_t lines, double seconds) {
  const std::lock_guard lock(mutex_);
  lines_ += static_cast<int64_t>(lines);
  batch_lines_.add(static_cast<double>(lines));
  batch_seconds_.add(seconds);
}

void ServeMetrics::count_reload(bool loaded) {
  const std::lock_guard lock(mutex_);
  ++(loaded ? reloads_ : failed_reloads_);
}

std::string ServeMetrics::text(std::size_t queued_lines) const {
  const std::lock_guard lock(mutex_);
  std::string text = header("weft_requests_total", "counter", "Requests, by path and status");
  for (const auto& [key, count] : requests_) {
    text += sample("weft_requests_total",
                   "path=\"" + key.first + "\",status=\"" + std::to_string(key.second) + '"',
                   std::to_string(count));
  }
  text += header("weft_request_seconds", "histogram", "From a request's first byte to its answer");
  for (const auto& [path, histogram] : request_seconds_)
    text += histogram.text("weft_request_seconds", "path=\"" + path + '"');
  text += header("weft_lines_total", "counter", "Lines translated or aligned") +
          sample("weft_lines_total", "", std::to_string(lines_));
  text += header("weft_batch_lines", "histogram", "Lines computed together") +
          batch_lines_.text("weft_batch_lines", "");
  text += header("weft_batch_seconds", "histogram", "Computing a batch") +
          batch_seconds_.text("weft_batch_seconds", "");
  text += header("weft_model_reloads_total", "counter", "Models loaded again, or not") +
          sample("weft_model_reloads_total", "result=\"loaded\"", std::to_string(reloads_)) +
          sample("weft_model_reloads_total", "result=\"failed\"", std::to_string(failed_reloads_));
  text += header("weft_queue_lines", "gauge", "Lines that wait to be computed") +
          sample("weft_queue_lines", "", std::to_string(queued_lines));
  return text + header("weft_peak_memory_bytes", "gauge", "The most memory held at once") +
         sample("weft_peak_memory_bytes", "", shortest_number(peak_memory_megabytes() * 1e6));
}

}  // namespace weft

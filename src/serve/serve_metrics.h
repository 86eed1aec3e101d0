#pragma once
// What a server has done, for Prometheus.

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace weft {

/// Counts of values up to each of some bounds, and beyond, with their sum.
class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds)
      : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}
  void add(double value);
  /// Lines of Prometheus' text form (version 0.0.4); `labels`: 'path="/translate"', or "".
  std::string text(const std::string& name, const std::string& labels) const;

 private:
  std::vector<double> bounds_;
  std::vector<int64_t> counts_;
  double sum_ = 0;
};

/// Any thread may count and read.
class ServeMetrics {
 public:
  /// `path` is one of few: whatever it is becomes a label.
  void count_request(const std::string& path, int status, double seconds);
  void count_batch(std::size_t lines, double seconds);
  void count_reload(bool loaded);
  /// All of it; `queued_lines`: how long the queue is now.
  std::string text(std::size_t queued_lines) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, int64_t> requests_;  // by path and status
  std::map<std::string, Histogram> request_seconds_;         // by path
  Histogram batch_lines_{{1, 2, 4, 8, 16, 32, 64, 128, 256}};
  Histogram batch_seconds_{{0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5}};
  int64_t lines_ = 0;
  int64_t reloads_ = 0, failed_reloads_ = 0;
};

}  // namespace weft

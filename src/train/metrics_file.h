#pragma once
// What happened in training, for programs: one JSON object a line.

#include <fstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weft {

/// Appends to DIRECTORY/metrics.jsonl; every line is flushed.
class MetricsFile {
 public:
  using Value = std::variant<int64_t, double, std::string>;
  /// Throws UserError if the file cannot be written.
  explicit MetricsFile(const std::string& directory);
  /// {"event": event, key: value, ...}; a number that is not finite becomes null.
  void write(const std::string& event, const std::vector<std::pair<std::string, Value>>& values);

 private:
  std::ofstream out_;
};

}  // namespace weft

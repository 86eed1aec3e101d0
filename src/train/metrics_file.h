#pragma once
// What happened in training, for programs: one JSON object a line.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weft {

class MetricsFile {
 public:
  using Value = std::variant<int64_t, double, std::string>;

  /// Goes on behind what is there, but for a last line that a kill has cut. Throws UserError if it
  /// cannot be written.
  explicit MetricsFile(const std::string& path);
  MetricsFile(const MetricsFile&) = delete;
  MetricsFile& operator=(const MetricsFile&) = delete;
  ~MetricsFile();

  /// Appends {"event": event, key: value, ...} at once; a number that is not finite becomes null.
  /// Throws UserError if the disk does not take it.
  void write(const std::string& event, const std::vector<std::pair<std::string, Value>>& values);
  /// Drops what is behind the first `size` bytes, if there is anything.
  void cut(int64_t size);
  /// Bytes written so far, those before this run included.
  int64_t size() const { return size_; }
  /// Waits until they are on the disk. Throws UserError if they cannot be.
  void sync();

 private:
  [[noreturn]] void fail() const;
  /// The bytes up to the last line feed.
  int64_t end_of_lines() const;

  std::string path_;
  int descriptor_ = -1;
  int64_t size_ = 0;
};

}  // namespace weft

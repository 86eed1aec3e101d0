#pragma once
// How far a command has come with its lines.

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"

namespace weft {

/// A bar with the rate and the time left on standard error, from the third second on; nothing
/// unless that is a terminal to which no results go, nor with --quiet. From any thread.
class WorkProgress {
 public:
  /// `label`: "translate"; `unit`: "lines". `output`: where results go
  /// meanwhile. `input`: the file whose
  /// lines are counted, for the time left; not known of pipes and compressed files, nor without it.
  WorkProgress(std::string label, std::string unit, const std::string& input,
               const std::string& output);
  /// Of `total` units, without a file.
  WorkProgress(std::string label, std::string unit, std::int64_t total, const std::string& output);

  void add(std::size_t done);

 private:
  void start(std::string label, std::string unit, std::int64_t total);

  std::mutex mutex_;  // guards the members below
  std::optional<ProgressBar> bar_;
  std::int64_t done_ = 0;
};

}  // namespace weft

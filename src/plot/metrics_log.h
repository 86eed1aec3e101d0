#pragma once
// What training has written into metrics.jsonl.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace weft {

/// A line of the file that measures something: "update" or "validation".
struct MetricsEvent {
  bool validates = false;
  std::int64_t updates = 0;
  double seconds = 0;  ///< of training until then, those of earlier starts included
  std::vector<std::pair<std::string, double>> values;  ///< by key; not finite where it was not
};

struct MetricsLog {
  std::string name;  ///< of the run
  std::string path;
  std::vector<MetricsEvent> events;

  /// The keys that have a number anywhere, in their order.
  std::vector<std::string> keys() const;
};

/// Reads a file of metrics. A last line that is not ended, which training may be writing, is left
/// out with a warning, if it cannot be read; every other mistake is added to `problems` with file
/// and line. Events of other kinds have no curves. Throws UserError if the file cannot be read.
MetricsLog read_metrics_log(const std::string& name, const std::string& path, Problems& problems);

}  // namespace weft

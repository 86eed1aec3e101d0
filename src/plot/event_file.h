#pragma once
// Metrics as TensorBoard reads them.

#include <string>

#include "plot/metrics_log.h"

namespace weft {

/// The bytes of an event file: TFRecords, each its length (uint64), a checksum of that, the data
/// and a checksum of those, of Event messages (tensorflow/core/util/event.proto), the first of
/// which names the version. Every value is a scalar "train/KEY" or "validation/KEY" at the step of
/// its update. `begin`: when the run began, in seconds since 1970, to which its own seconds are
/// added.
std::string event_file(const MetricsLog& log, double begin);

}  // namespace weft

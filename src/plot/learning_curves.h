#pragma once
// Learning curves from the metrics of runs.

#include <array>
#include <string>
#include <vector>

#include "base/enum_names.h"
#include "plot/chart.h"
#include "plot/metrics_log.h"

namespace weft {

enum class CurveScale { kUpdates, kSeconds };

constexpr auto enum_names(CurveScale) {
  return std::array{EnumName{CurveScale::kUpdates, "updates"},
                    EnumName{CurveScale::kSeconds, "seconds"}};
}

/// A chart for each of the quantities `keys` that any run has, training and validation in one;
/// without keys of loss, BLEU, alignment error rate and learning rate. Values that are not finite
/// are gaps, and told in the log. Throws UserError if no run has one of `keys`, or any of those it
/// chooses from.
Figure learning_curves(const std::vector<MetricsLog>& runs, const std::vector<std::string>& keys,
                       CurveScale scale);

}  // namespace weft

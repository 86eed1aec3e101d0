#pragma once
// The scale of an axis.

#include <string>
#include <vector>

#include "plot/chart.h"

namespace weft {

struct Axis {
  double low = 0, high = 1;   ///< low < high
  std::vector<double> ticks;  ///< within both, rising; multiples of 1, 2 or 5 times a power of ten

  /// 0 at the low end, 1 at the high one.
  double place(double value) const { return (value - low) / (high - low); }
};

/// Over all values from `least` to `most`, with about `ticks` ticks (at least 2), the first and the
/// last at its ends. Both are finite, least <= most; equal ones are seen beside 0.
Axis rounded_axis(double least, double most, int ticks);

/// The axes of a chart's finite points; x of categories has its ends half a step outside.
struct Axes {
  Axis x, y;
};
Axes axes_of(const Chart& chart, int x_ticks, int y_ticks);

/// "0.25", "12", "1.5k", "2M".
std::string tick_label(double value);

}  // namespace weft

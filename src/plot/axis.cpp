#include "plot/axis.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

namespace weft {
namespace {

/// The smallest of 1, 2 and 5 times a power of ten that is at least `length`.
double rounded_step(double length) {
  const double power = std::pow(10, std::floor(std::log10(length)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (length <= factor * power * (1 + 1e-9)) return factor * power;
  return 10 * power;
}

/// What rounding has left behind the twelfth digit is no part of a tick.
double without_rounding(double value, double step) { return std::round(value / step) * step; }

}  // namespace

Axis rounded_axis(double least, double most, int ticks) {
  if (least == most) {  // seen beside nothing
    (least > 0 ? least : most) = 0;
    if (least == most) least = -1, most = 1;
  }
  const double step = rounded_step((most - least) / std::max(1, ticks - 1));
  Axis axis;
  const double first = std::floor(least / step + 1e-9), last = std::ceil(most / step - 1e-9);
  for (double k = first; k <= last; ++k) axis.ticks.push_back(without_rounding(k * step, step));
  axis.low = axis.ticks.front();
  axis.high = axis.ticks.back();
  return axis;
}

Axes axes_of(const Chart& chart, int x_ticks, int y_ticks) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::pair<double, double> x{kInfinity, -kInfinity}, y = x;
  const auto widen = [](std::pair<double, double>& range, double value) {
    range = {std::min(range.first, value), std::max(range.second, value)};
  };
  for (const auto& curve : chart.curves) {
    for (const auto& point : curve.points) {
      if (!std::isfinite(point.y)) continue;
      widen(x, point.x);
      widen(y, point.y);
    }
  }
  Axes axes{{}, rounded_axis(y.first, y.second, y_ticks)};
  if (chart.categories.empty()) {
    axes.x = rounded_axis(x.first, x.second, x_ticks);
    return axes;
  }
  axes.x.low = -0.5;
  axes.x.high = static_cast<double>(chart.categories.size()) - 0.5;
  for (std::size_t k = 0; k < chart.categories.size(); ++k)
    axes.x.ticks.push_back(static_cast<double>(k));
  return axes;
}

std::string tick_label(double value) {
  const double size = std::abs(value);
  const auto digits = [](double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", number);
    return std::string(text);
  };
  if (size >= 1e6) return digits(value / 1e6) + "M";
  if (size >= 1e4) return digits(value / 1e3) + "k";
  return digits(value);
}

}  // namespace weft

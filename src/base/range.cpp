#include "base/range.h"

#include <cmath>
#include <cstdint>

#include "base/number_text.h"

namespace weft {
namespace {

/// Whole numbers in full: an integer's message must not speak of 1e+09.
std::string end_text(double value) {
  return value == std::floor(value) ? std::to_string(static_cast<int64_t>(value))
                                    : shortest_number(value);
}

}  // namespace

bool Range::contains(double value) const {
  const bool low_ok = low_open ? value > low : value >= low;
  const bool high_ok = high_open ? value < high : value <= high;
  return low_ok && high_ok;
}

std::string Range::text() const {
  return std::string("in ") + (low_open ? "(" : "[") + end_text(low) + ", " + end_text(high) +
         (high_open ? ")" : "]");
}

}  // namespace weft

#include "config/rules.h"

#include "config/scalar_text.h"

namespace weft {

bool Range::contains(double value) const {
  const bool low_ok = low_open ? value > low : value >= low;
  const bool high_ok = high_open ? value < high : value <= high;
  return low_ok && high_ok;
}

std::string Range::text() const {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (low == -kInfinity && high == kInfinity) return "";
  if (high == kInfinity) return (low_open ? "> " : ">= ") + shortest_number(low);
  return std::string("in ") + (low_open ? "(" : "[") + shortest_number(low) + ", " +
         shortest_number(high) + (high_open ? ")" : "]");
}

}  // namespace weft

#pragma once
// The ends of what a numeric key of a config takes, read from its own message.

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/bound_key.h"
#include "config/scalar_text.h"

namespace weft {

struct KeyEnds {
  std::vector<std::string> inside;   ///< at both ends, or as near as can be
  std::vector<std::string> outside;  ///< just beyond them, and far
};

inline bool is_numeric(const BoundKey& key) {
  return key.type == "integer" || key.type == "integers" || key.type == "number";
}

/// Throws std::runtime_error if the message names no interval.
inline KeyEnds ends_of(const BoundKey& key) {
  const std::string& text = key.expected;  // "an integer in [1, 1024]", "a number in (0, 1]"
  const auto open = text.find_first_of("[("), comma = text.find(", ", open);
  if (open == std::string::npos || comma == std::string::npos)
    throw std::runtime_error(key.path() + " has no two bounds: " + text);
  const std::string low = text.substr(open + 1, comma - open - 1);
  const std::string high = text.substr(comma + 2, text.size() - comma - 3);
  if (key.type != "number") {
    return {{low, high},
            {std::to_string(std::stoll(low) - 1), std::to_string(std::stoll(high) + 1),
             "-9223372036854775808", "4611686018427387904", "9223372036854775807",
             "9223372036854775808"}};
  }
  const auto next = [](const std::string& end, double towards) {
    return shortest_number(std::nextafter(std::stod(end), towards));
  };
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  KeyEnds ends{{}, {"1e308", "1e400", "nan", "inf"}};
  if (std::stod(low) >= 0) ends.outside.push_back("-1");
  const bool low_open = text[open] == '(', high_open = text.back() == ')';
  ends.inside.push_back(low_open ? next(low, kInfinity) : low);
  ends.inside.push_back(high_open ? next(high, -kInfinity) : high);
  ends.outside.push_back(low_open ? low : next(low, -kInfinity));
  ends.outside.push_back(high_open ? high : next(high, kInfinity));
  return ends;
}

}  // namespace weft

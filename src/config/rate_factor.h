#pragma once
// Parts of a model that learn faster or slower than the rest.

#include <optional>
#include <string>

namespace weft {

/// What the learning rate of parameters is multiplied by whose names match `pattern`.
struct RateFactor {
  std::string pattern;  ///< as in a shell: * stands for any text, ? for one character
  double factor = 1;    ///< > 0
};

/// From "PATTERN=FACTOR"; nothing if it is not that.
std::optional<RateFactor> parse_rate_factor(const std::string& text);

}  // namespace weft

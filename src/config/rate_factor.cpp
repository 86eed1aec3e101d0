#include "config/rate_factor.h"

#include "base/number_text.h"

namespace weft {

std::optional<RateFactor> parse_rate_factor(const std::string& text) {
  const auto equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  RateFactor factor{text.substr(0, equals), 0};
  if (!parse_number(text.substr(equals + 1), factor.factor)) return std::nullopt;
  if (!(factor.factor > 0 && factor.factor <= 1e6)) return std::nullopt;
  return factor;
}

}  // namespace weft

#include "config/period.h"

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

namespace weft {
namespace {

std::optional<Period::Unit> unit_of(char letter) {
  switch (letter) {
    case 'u':
      return Period::Unit::kUpdates;
    case 'e':
      return Period::Unit::kEpochs;
    case 't':
      return Period::Unit::kTargetTokens;
    default:
      return std::nullopt;
  }
}

char letter_of(Period::Unit unit) {
  switch (unit) {
    case Period::Unit::kEpochs:
      return 'e';
    case Period::Unit::kTargetTokens:
      return 't';
    case Period::Unit::kUpdates:
      break;
  }
  return 'u';
}

int64_t multiplier_of(char letter) {
  if (letter == 'k' || letter == 'K') return 1000;
  return letter == 'M' ? 1'000'000 : 1;
}

}  // namespace

bool parse_period(const std::string& text, Period& period) {
  if (text == "0") {
    period = Period{};
    return true;
  }
  if (text.empty()) return false;
  const std::optional<Period::Unit> unit = unit_of(text.back());
  if (!unit) return false;
  const char* end = text.data() + text.size() - 1;
  const int64_t multiplier = end > text.data() ? multiplier_of(end[-1]) : 1;
  if (multiplier > 1) --end;
  int64_t count = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || stop != end || count < 0 || text.front() == '-') return false;
  if (count > std::numeric_limits<int64_t>::max() / multiplier) return false;
  period = Period{count * multiplier, *unit};
  return true;
}

std::string format_period(const Period& period) {
  const char unit = letter_of(period.unit);
  if (period.count >= 1'000'000 && period.count % 1'000'000 == 0)
    return std::to_string(period.count / 1'000'000) + 'M' + unit;
  if (period.count >= 10'000 && period.count % 1000 == 0)
    return std::to_string(period.count / 1000) + 'k' + unit;
  return std::to_string(period.count) + unit;
}

}  // namespace weft

#include "base/number_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace weft {
namespace {

template <class Number>
bool parse_whole(const std::string& text, Number& value) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return false;
  value = number;
  return true;
}

}  // namespace

bool parse_number(const std::string& text, int64_t& value) { return parse_whole(text, value); }

bool parse_number(const std::string& text, double& value) {
  double number = 0;
  if (!parse_whole(text, number) || !std::isfinite(number)) return false;
  value = number;
  return true;
}

std::string shortest_number(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return std::string(buffer.data(), end);
}

}  // namespace weft

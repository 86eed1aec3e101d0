#pragma once
// Values of one YAML scalar: text to value, strictly, and value to text.

#include <cstdint>
#include <string>
#include <vector>

#include "base/number_text.h"
#include "config/device_choice.h"
#include "config/period.h"

namespace weft {

/// Each parse_scalar returns false, and leaves `value` alone, unless the whole text is one value:
/// true or false; a decimal integer within int64; a finite decimal number. Text is taken as it is.
bool parse_scalar(const std::string& text, bool& value);
inline bool parse_scalar(const std::string& text, int64_t& value) {
  return parse_number(text, value);
}
inline bool parse_scalar(const std::string& text, double& value) {
  return parse_number(text, value);
}
inline bool parse_scalar(const std::string& text, Period& value) {
  return parse_period(text, value);
}
inline bool parse_scalar(const std::string& text, DeviceChoice& value) {
  return parse_device(text, value);
}
inline bool parse_scalar(const std::string& text, std::string& value) {
  value = text;
  return true;
}

/// YAML that reads back to the same value, and to the same type in other YAML readers.
std::string format_scalar(bool value);
std::string format_scalar(int64_t value);
std::string format_scalar(double value);
std::string format_scalar(const std::string& value);
inline std::string format_scalar(const Period& value) { return format_period(value); }
inline std::string format_scalar(const DeviceChoice& value) { return format_device(value); }

}  // namespace weft

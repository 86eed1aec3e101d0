#include "config/scalar_text.h"

#include <set>

namespace weft {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// True for text no YAML reader takes for anything but that text when it stands without quotes.
bool is_plain(const std::string& text) {
  static const std::set<std::string> kWordsWithMeaning = {"true", "false", "null", "yes", "no",
                                                          "on",   "off",   "y",    "n"};
  if (text.empty() || !(is_letter(text.front()) || text.front() == '/')) return false;
  std::string lower;
  for (const char c : text) {
    const bool safe =
        is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '/';
    if (!safe) return false;
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return !kWordsWithMeaning.contains(lower);
}

std::string double_quoted(const std::string& text) {
  constexpr const char* kHex = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (byte < 0x20 || byte == 0x7f) {
      quoted += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace

bool parse_scalar(const std::string& text, bool& value) {
  if (text != "true" && text != "false") return false;
  value = text == "true";
  return true;
}

std::string format_scalar(bool value) { return value ? "true" : "false"; }

std::string format_scalar(int64_t value) { return std::to_string(value); }

std::string format_scalar(double value) {
  std::string text = shortest_number(value);
  if (text.find('.') != std::string::npos) return text;
  // YAML 1.1 readers take 1e-08 for text and 1 for an integer; 1.0e-08 and 1.0 are floats in all.
  const std::size_t exponent = text.find('e');
  return text.insert(exponent == std::string::npos ? text.size() : exponent, ".0");
}

std::string format_scalar(const std::string& value) {
  return is_plain(value) ? value : double_quoted(value);
}

}  // namespace weft

#include "align/escapes.h"

#include <unicode/uchar.h>

#include "base/utf8.h"

namespace weft {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool ends_line(char32_t c) {
  return (c >= U'\n' && c <= U'\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool ends_line_without_being_blank(char32_t c) { return c == 0 || (c >= 0x1C && c <= 0x1E); }

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

/// Line and paragraph separators, and what Unicode Standard Annex 9 calls explicit formatting.
bool moves_text(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

bool runs_right_to_left(char32_t c) {
  const UCharDirection direction = u_charDirection(static_cast<UChar32>(c));
  return direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC;
}

/// Calls `change` with every code point and what to append it to.
template <class Change>
std::string changed(std::string_view text, Change change) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) change(next_code_point(text, offset), result);
  return result;
}

}  // namespace

std::string one_line(std::string_view text) {
  return changed(text, [](char32_t c, std::string& line) {
    append_utf8(line, ends_line(c) ? U' ' : ends_line_without_being_blank(c) ? kReplacement : c);
  });
}

std::string field(std::string_view text) {
  constexpr std::string_view kSeparator = "|||";
  constexpr std::string_view kEscaped = "&#124;&#124;&#124;";
  std::string line = one_line(text);
  for (auto at = line.find(kSeparator); at != std::string::npos; at = line.find(kSeparator, at))
    line.replace(at, kSeparator.size(), kEscaped);
  return line;
}

std::string field_token(std::string_view text) {
  return changed(field(text), [](char32_t c, std::string& token) {
    if (u_isUWhiteSpace(static_cast<UChar32>(c))) {
      token += "&#" + std::to_string(static_cast<unsigned>(c)) + ";";
    } else {
      append_utf8(token, c);
    }
  });
}

std::string shown(std::string_view text) {
  return changed(text, [](char32_t c, std::string& visible) {
    append_utf8(visible, is_control(c) || moves_text(c) ? kReplacement : c);
  });
}

std::string isolated(std::string_view word) {
  constexpr std::string_view kIsolate = "\u2068";
  constexpr std::string_view kEnd = "\u2069";
  for (std::size_t offset = 0; offset < word.size();) {
    if (runs_right_to_left(next_code_point(word, offset)))
      return std::string(kIsolate).append(word).append(kEnd);
  }
  return std::string(word);
}

}  // namespace weft

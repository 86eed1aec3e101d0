#pragma once
// Whether a word stands in a text, looked for at every place.

#include <unicode/uchar.h>

#include <cstddef>
#include <string>

#include "base/utf8.h"

namespace weft {

/// Letters of the tests' texts; marks too. Bytes of the search's own choice make any of two bytes.
inline bool is_test_letter(char32_t c) {
  if (c >= 0x80) return u_isalnum(static_cast<UChar32>(c)) != 0 ? c < 0x2E80 : c == 0x301;
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9');
}

/// Whether `word` stands in `text` with no letter right before or after it that would join it.
inline bool stands_in(const std::string& text, const std::string& word) {
  const auto t = decode_utf8(text), w = decode_utf8(word);
  const auto joined = [&](std::size_t i) {  // text i - 1 and i
    return i > 0 && i < t.size() && is_test_letter(t[i - 1]) && is_test_letter(t[i]);
  };
  for (std::size_t at = t.find(w); at != std::u32string::npos; at = t.find(w, at + 1)) {
    if (!joined(at) && !joined(at + w.size())) return true;
  }
  return false;
}

}  // namespace weft

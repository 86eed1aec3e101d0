#include "text/joined_line.h"

#include <cstddef>

#include "base/utf8.h"
#include "base/words.h"

namespace weft {
namespace {

constexpr char32_t kFirstIdeographicCharacter =
    0x2E80;  // CJK radicals; Han, Kana and wide punctuation follow
constexpr char32_t kFirstHangul = 0xAC00;
constexpr char32_t kLastHangul = 0xD7AF;

bool is_written_without_spaces(char32_t c) {
  return c >= kFirstIdeographicCharacter && !(c >= kFirstHangul && c <= kLastHangul);
}

char32_t last_code_point(std::string_view text) {
  std::size_t begin = text.size() - 1;
  while ((static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
  return next_code_point(text, begin);
}

char32_t first_code_point(std::string_view text) {
  std::size_t offset = 0;
  return next_code_point(text, offset);
}

}  // namespace

JoinedLine join_words(std::string_view segmented) {
  JoinedLine joined;
  for (const auto& span : split_whitespace(segmented)) {
    const auto word = segmented.substr(span.begin, span.end - span.begin);
    const bool spaced = !joined.line.empty() &&
                        !is_written_without_spaces(last_code_point(joined.line)) &&
                        !is_written_without_spaces(first_code_point(word));
    if (spaced) joined.line += ' ';
    const auto begin = joined.line.size();
    joined.line += word;
    joined.words.push_back({begin, joined.line.size()});
  }
  return joined;
}

}  // namespace weft

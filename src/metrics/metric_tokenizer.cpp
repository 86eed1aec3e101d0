#include "metrics/metric_tokenizer.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>

#include "base/utf8.h"

namespace weft {

namespace {

// Python's str.isspace(): Unicode's White_Space and the four ASCII separators.
bool is_space(char32_t code_point) {
  return (code_point >= 0x1C && code_point <= 0x1F) ||
         u_isUWhiteSpace(static_cast<UChar32>(code_point));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_period_or_comma(char c) { return c == '.' || c == ','; }

// ASCII punctuation that mteval always cuts off: all but the apostrophe, comma, hyphen, period.
bool is_cut_punctuation(char c) {
  constexpr std::string_view kNotCut = "',-.";
  const bool punctuation = (c >= '!' && c <= '/') || (c >= ':' && c <= '@') ||
                           (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
  return punctuation && kNotCut.find(c) == std::string_view::npos;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string cut_punctuation(std::string_view text) {
  std::string cut;
  for (const char c : text) {
    if (is_cut_punctuation(c)) {
      cut += {' ', c, ' '};
    } else {
      cut += c;
    }
  }
  return cut;
}

// Rewrites every pair of neighbours that `matches`, left to right; a byte belongs to one pair at
// most, which is what the substitutions of mteval do (and why "..." does not come out as three
// tokens alike). Bytes may stand for characters here: all that is looked for is ASCII.
template <typename Matches>
std::string rewrite_pairs(std::string_view text, Matches matches, std::string_view before,
                          std::string_view between, std::string_view after) {
  std::string rewritten;
  std::size_t i = 0;
  while (i < text.size()) {
    if (i + 1 < text.size() && matches(text[i], text[i + 1])) {
      rewritten.append(before).append(1, text[i]).append(between);
      rewritten.append(1, text[i + 1]).append(after);
      i += 2;
    } else {
      rewritten += text[i++];
    }
  }
  return rewritten;
}

// The language-dependent half of mteval-v13a, for Western languages.
std::string tokenize_western(std::string_view text) {
  std::string tokens = cut_punctuation(text);
  const auto after_no_digit = [](char a, char b) { return !is_digit(a) && is_period_or_comma(b); };
  const auto before_no_digit = [](char a, char b) { return is_period_or_comma(a) && !is_digit(b); };
  const auto dash_after_digit = [](char a, char b) { return is_digit(a) && b == '-'; };
  tokens = rewrite_pairs(tokens, after_no_digit, "", " ", " ");
  tokens = rewrite_pairs(tokens, before_no_digit, " ", " ", "");
  return rewrite_pairs(tokens, dash_after_digit, "", " ", " ");
}

std::string_view strip(std::string_view text) {
  const std::vector<std::string_view> parts = split_at_whitespace(text);
  if (parts.empty()) return {};
  const char* begin = parts.front().data();
  const char* end = parts.back().data() + parts.back().size();
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::string tokenize_13a(std::string_view line) {
  std::string text(line);
  replace_all(text, "<skipped>", "");
  replace_all(text, "&quot;", "\"");
  replace_all(text, "&amp;", "&");
  replace_all(text, "&lt;", "<");
  replace_all(text, "&gt;", ">");
  // The spaces are neighbours for a period or comma at either end of the line.
  return tokenize_western(" " + text + " ");
}

// What sacreBLEU takes for Chinese. Its table names CJK Extension B as 20000-2A6D6, but its
// comparison sees 2001-2A6D, and so cuts general punctuation, arrows and symbols and leaves
// Extension B whole; scores are only comparable if ours does too.
bool is_chinese(char32_t c) {
  struct Range {
    char32_t first;
    char32_t last;
  };
  constexpr std::array<Range, 14> kRanges{{
      {0x2001, 0x2A6D},
      {0x2E80, 0x2FDF},
      {0x2FF0, 0x303F},
      {0x3100, 0x312F},
      {0x31A0, 0x31BF},
      {0x31C0, 0x31EF},
      {0x3200, 0x4DB5},
      {0x4E00, 0x9FBB},
      {0xF900, 0xFA2D},
      {0xFA30, 0xFA6A},
      {0xFA70, 0xFAD9},
      {0xFE10, 0xFE1F},
      {0xFE30, 0xFE4F},
      {0xFF00, 0xFFEF},
  }};
  return std::any_of(kRanges.begin(), kRanges.end(),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

std::string tokenize_zh(std::string_view line) {
  const std::string_view stripped = strip(line);
  std::string text;
  for (std::size_t offset = 0; offset < stripped.size();) {
    const char32_t c = next_code_point(stripped, offset);
    const bool chinese = is_chinese(c);
    if (chinese) text += ' ';
    append_utf8(text, c);
    if (chinese) text += ' ';
  }
  return tokenize_western(text);
}

std::string join(const std::vector<std::string_view>& parts) {
  std::string joined;
  for (const std::string_view part : parts) {
    if (!joined.empty()) joined += ' ';
    joined += part;
  }
  return joined;
}

}  // namespace

std::string tokenize_for_metric(std::string_view line, MetricTokenizer tokenizer) {
  switch (tokenizer) {
    case MetricTokenizer::k13a:
      return join(split_at_whitespace(tokenize_13a(line)));
    case MetricTokenizer::kZh:
      return join(split_at_whitespace(tokenize_zh(line)));
    case MetricTokenizer::kNone:
      return join(split_at_whitespace(line));
  }
  throw std::logic_error("unknown MetricTokenizer");
}

std::vector<std::string_view> split_at_whitespace(std::string_view text) {
  std::vector<std::string_view> parts;
  bool inside = false;
  std::size_t part_begin = 0;
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t begin = offset;
    const bool space = is_space(next_code_point(text, offset));
    if (space && inside) parts.push_back(text.substr(part_begin, begin - part_begin));
    if (!space && !inside) part_begin = begin;
    inside = !space;
  }
  if (inside) parts.push_back(text.substr(part_begin));
  return parts;
}

std::string lowercase(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  std::string lower;
  icu::StringByteSink<std::string> sink(&lower);
  icu::CaseMap::utf8ToLower("", 0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())),
                            sink, nullptr, status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU could not lower-case a line of text");
  return lower;
}

}  // namespace weft

#include "base/utf8.h"

#include <stdexcept>

namespace weft {

namespace {

unsigned char byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

// What a lead byte asks for: the length of its sequence (0: not a lead byte) and the range of the
// second byte, which is what excludes overlong forms, surrogates and values above U+10FFFF.
struct LeadByte {
  std::size_t length;
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xBF;
};

LeadByte classify(unsigned char lead) {
  if (lead < 0x80) return {1};
  if (lead < 0xC2) return {0};
  if (lead < 0xE0) return {2};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead < 0xF0) return {3};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead < 0xF4) return {4};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

// Length of the well-formed sequence that begins at `offset`, or 0.
std::size_t well_formed_length(std::string_view text, std::size_t offset) {
  const LeadByte lead = classify(byte_at(text, offset));
  if (lead.length <= 1) return lead.length;
  if (offset + lead.length > text.size()) return 0;
  const unsigned char second = byte_at(text, offset + 1);
  if (second < lead.second_min || second > lead.second_max) return 0;
  for (std::size_t i = 2; i < lead.length; ++i) {
    if ((byte_at(text, offset + i) & 0xC0) != 0x80) return 0;
  }
  return lead.length;
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const std::size_t length = well_formed_length(text, offset);
    if (length == 0) return offset;
    offset += length;
  }
  return std::nullopt;
}

char32_t next_code_point(std::string_view text, std::size_t& offset) {
  constexpr char32_t kReplacementCharacter = 0xFFFD;
  const std::size_t length = well_formed_length(text, offset);
  const unsigned char lead = byte_at(text, offset++);
  if (length == 0) return kReplacementCharacter;
  if (length == 1) return lead;
  char32_t code_point = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    code_point = (code_point << 6) | (byte_at(text, offset++) & 0x3Fu);
  }
  return code_point;
}

std::u32string decode_utf8(std::string_view text) {
  if (first_invalid_utf8(text)) throw std::invalid_argument("decode_utf8: not valid UTF-8");
  std::u32string code_points;
  code_points.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    code_points.push_back(next_code_point(text, offset));
  }
  return code_points;
}

std::string encode_utf8(std::u32string_view code_points) {
  std::string text;
  text.reserve(code_points.size());
  for (const char32_t code_point : code_points) append_utf8(text, code_point);
  return text;
}

void append_utf8(std::string& text, char32_t code_point) {
  const auto continuation = [code_point](int shift) {
    return static_cast<char>(0x80 | ((code_point >> shift) & 0x3F));
  };
  if ((code_point >= 0xD800 && code_point < 0xE000) || code_point > 0x10FFFF) {
    throw std::invalid_argument("append_utf8: not a Unicode scalar value");
  }
  if (code_point < 0x80) {
    text += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    text += {static_cast<char>(0xC0 | (code_point >> 6)), continuation(0)};
  } else if (code_point < 0x10000) {
    text += {static_cast<char>(0xE0 | (code_point >> 12)), continuation(6), continuation(0)};
  } else {
    text += {static_cast<char>(0xF0 | (code_point >> 18)), continuation(12), continuation(6),
             continuation(0)};
  }
}

std::string hex_byte(char byte) {
  constexpr const char* kDigits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  return {'0', 'x', kDigits[value >> 4], kDigits[value & 15]};
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((byte_at(text, i) & 0xC0) != 0x80) ++count;
  }
  return count;
}

Span CodePointCounter::operator()(Span bytes) {
  if (bytes.begin > bytes.end || bytes.end > line_.size()) {
    throw std::out_of_range("CodePointCounter: the span leaves the line");
  }
  const std::size_t begin = position_of(bytes.begin);
  return {begin, position_of(bytes.end)};
}

std::size_t CodePointCounter::position_of(std::size_t byte) {
  if (byte < byte_) byte_ = code_points_ = 0;
  code_points_ += count_code_points(line_.substr(byte_, byte - byte_));
  byte_ = byte;
  return code_points_;
}

}  // namespace weft

#pragma once
// UTF-8: checking, decoding, encoding and counting.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/span.h"

namespace weft {

/// Byte offset of the first ill-formed sequence (Unicode 15, table 3-7), nothing if all is well.
/// Overlong forms, surrogates, values above U+10FFFF and sequences cut short are ill-formed.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// The code point that begins at byte `offset`; moves `offset` behind it. A byte that begins no
/// well-formed sequence is U+FFFD by itself. Precondition: `offset` < text.size().
char32_t next_code_point(std::string_view text, std::size_t& offset);

/// All code points. Throws std::invalid_argument on ill-formed UTF-8.
std::u32string decode_utf8(std::string_view text);

/// Throws std::invalid_argument on a surrogate or a value above U+10FFFF.
std::string encode_utf8(std::u32string_view code_points);
void append_utf8(std::string& text, char32_t code_point);

/// "0xff", for messages about bytes that are not what they should be.
std::string hex_byte(char byte);

/// Number of code points of valid UTF-8.
std::size_t count_code_points(std::string_view text);

/// Counts stretches of a line in code points instead of bytes, as other programs (Python, JSON
/// readers) index strings. Stretches that come in the order of the line are counted in one pass.
class CodePointCounter {
 public:
  /// `line` is valid UTF-8 and outlives the counter.
  explicit CodePointCounter(std::string_view line) : line_(line) {}

  /// Throws std::out_of_range if the stretch leaves the line.
  Span operator()(Span bytes);

 private:
  std::size_t position_of(std::size_t byte);

  std::string_view line_;
  std::size_t byte_ = 0;         // how far it has counted
  std::size_t code_points_ = 0;  // and how many there were
};

}  // namespace weft

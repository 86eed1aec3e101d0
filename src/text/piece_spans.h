#pragma once
// From the byte offsets SentencePiece reports to the characters each piece stands for.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace weft {

inline constexpr std::string_view kSpaceMark = "\xE2\x96\x81";  ///< U+2581: SentencePiece's space

/// One piece as SentencePiece reports it.
struct ReportedPiece {
  std::string text;
  Span span;             ///< bytes of the line
  bool is_byte = false;  ///< one byte of a character without a piece, "<0xE7>"
};

/// The byte that the text of a byte piece names: 0x3F of "<0x3F>". Nothing for any other text.
std::optional<unsigned char> byte_of_piece(std::string_view text);

/// The bytes of `line` each piece stands for; what leaves the line is cut off:
/// - byte pieces that form one character all get that character;
/// - pieces made from one character ("½" is read as "1⁄2") all get that character;
/// - blanks at the ends are cut off, unless the piece is nothing else.
/// The begins and the ends of the spans do not decrease. A "▁" that stands for no byte is empty.
std::vector<Span> piece_spans(std::string_view line, const std::vector<ReportedPiece>& pieces);

}  // namespace weft

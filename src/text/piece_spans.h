#pragma once
// From the byte offsets SentencePiece reports to the characters each piece stands for.

#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace weft {

/// One piece as SentencePiece reports it.
struct ReportedPiece {
  std::string text;
  Span span;             ///< bytes of the line
  bool is_byte = false;  ///< one byte of a character without a piece, "<0xE7>"
};

/// The bytes of `line` each piece stands for:
/// - byte pieces that form one character all get that character;
/// - pieces made from one character ("½" is read as "1⁄2") all get that character;
/// - blanks at the ends are cut off, unless the piece is nothing else.
/// The begins and the ends of the spans do not decrease. A "▁" that stands for no byte is empty.
std::vector<Span> piece_spans(std::string_view line, const std::vector<ReportedPiece>& pieces);

}  // namespace weft

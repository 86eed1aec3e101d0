#include "text/piece_spans.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "base/utf8.h"

namespace weft {
namespace {

/// The value of a byte piece.
unsigned byte_value(const ReportedPiece& piece) { return byte_of_piece(piece.text).value_or(0); }

bool continues_character(std::string_view line, std::size_t offset) {
  return offset < line.size() && (static_cast<unsigned char>(line[offset]) & 0xC0) == 0x80;
}

/// `span` cut to the line and widened to whole characters: a model that changes its decoded text
/// once more reports places in the text before that.
Span within(std::string_view line, Span span) {
  span.begin = std::min(span.begin, line.size());
  span.end = std::clamp(span.end, span.begin, line.size());
  while (span.begin > 0 && continues_character(line, span.begin)) --span.begin;
  while (continues_character(line, span.end)) ++span.end;
  return span;
}

/// How many bytes the UTF-8 sequence has that begins with `lead`; 1 for what cannot begin one.
std::size_t sequence_length(unsigned lead) {
  if (lead >= 0xF0) return 4;
  if (lead >= 0xE0) return 3;
  if (lead >= 0xC0) return 2;
  return 1;
}

/// End of the run of byte pieces from `first` on that form one character.
std::size_t end_of_character(const std::vector<ReportedPiece>& pieces, std::size_t first) {
  const std::size_t length = sequence_length(byte_value(pieces[first]));
  const std::size_t limit = std::min(first + length, pieces.size());
  std::size_t end = first + 1;
  while (end < limit && pieces[end].is_byte && (byte_value(pieces[end]) & 0xC0) == 0x80) ++end;
  return end;
}

void join_byte_pieces(const std::vector<ReportedPiece>& pieces, std::vector<Span>& spans) {
  for (std::size_t first = 0; first < pieces.size();) {
    if (!pieces[first].is_byte) {
      ++first;
      continue;
    }
    const std::size_t end = end_of_character(pieces, first);
    const Span whole{spans[first].begin, spans[end - 1].end};
    std::fill(spans.begin() + static_cast<std::ptrdiff_t>(first),
              spans.begin() + static_cast<std::ptrdiff_t>(end), whole);
    first = end;
  }
}

/// SentencePiece gives a character that was normalised to several to the last of them alone.
void fill_empty_spans(const std::vector<ReportedPiece>& pieces, std::vector<Span>& spans) {
  for (std::size_t i = spans.size(); i-- > 1;) {
    Span& before = spans[i - 1];
    const bool empty = before.begin == before.end && pieces[i - 1].text != kSpaceMark;
    if (empty && before.begin == spans[i].begin) before = spans[i];
  }
}

/// Whitespace, and what SentencePiece's normalisation takes for it.
bool is_blank(char32_t c) {
  return u_isUWhiteSpace(static_cast<UChar32>(c)) || c == 0x200B || c == 0xFEFF;
}

Span without_blanks(std::string_view line, Span span) {
  Span kept{span.end, span.end};
  for (std::size_t at = span.begin; at < span.end;) {
    const std::size_t start = at;
    if (is_blank(next_code_point(line, at))) continue;
    if (kept.begin == span.end) kept.begin = start;
    kept.end = at;
  }
  return kept.begin == span.end ? span : kept;
}

}  // namespace

std::optional<unsigned char> byte_of_piece(std::string_view text) {
  if (text.size() != 6 || !text.starts_with("<0x") || text.back() != '>') return std::nullopt;
  unsigned char byte = 0;
  const char* end = text.data() + 5;
  const auto [stop, error] = std::from_chars(text.data() + 3, end, byte, 16);
  if (error != std::errc() || stop != end) return std::nullopt;
  return byte;
}

std::vector<Span> piece_spans(std::string_view line, const std::vector<ReportedPiece>& pieces) {
  std::vector<Span> spans;
  spans.reserve(pieces.size());
  for (const ReportedPiece& piece : pieces) spans.push_back(within(line, piece.span));
  join_byte_pieces(pieces, spans);
  fill_empty_spans(pieces, spans);
  for (Span& span : spans) span = without_blanks(line, span);
  return spans;
}

}  // namespace weft

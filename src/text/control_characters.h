#pragma once
// Characters that a line of text cannot hold.

#include <string>
#include <string_view>

namespace weft {

/// Whether `text` holds a control character below U+0020 other than a tab: a line feed, a carriage
/// return, NUL. Whoever reads text line by line would take it for more lines, or for an end.
bool has_control_character(std::string_view text);

/// Makes `text` one line of UTF-8 of the same length: a space for each such character, "?" for each
/// byte that begins no character.
void make_printable(std::string& text);

}  // namespace weft

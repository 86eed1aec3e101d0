#pragma once
// Columns of a terminal that text takes.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

/// Columns of valid UTF-8: wide and fullwidth characters (Unicode Standard Annex 11) and emoji
/// sequences 2, combining marks and invisible characters 0, ambiguous ones 1. Control characters
/// (a TAB among them) count 0, because what they do depends on where they stand.
std::size_t display_width(std::string_view text);

/// What people see as one character each (grapheme clusters), in order: a letter with its accents, a
/// flag, a family. They point into `text`, which they are the whole of.
std::vector<std::string_view> visible_characters(std::string_view text);

/// `text` followed by spaces up to `width` columns; unchanged if it takes as many or more.
std::string pad_to_width(std::string_view text, std::size_t width);

/// `text` preceded by spaces up to `width` columns; unchanged if it takes as many or more.
std::string pad_left_to_width(std::string_view text, std::size_t width);

/// `text` if it takes at most `width` columns, else its longest beginning that leaves room for "…",
/// and "…". Never cuts through a character as people see it (a grapheme cluster).
std::string truncate_to_width(std::string_view text, std::size_t width);

}  // namespace weft

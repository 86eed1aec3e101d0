#pragma once
// Text as it may stand in a line, in a field of a line, and on a terminal.

#include <string>
#include <string_view>

namespace weft {

/// `text` on one line, for whoever reads it: a character that some program takes for the end of a
/// line (LF, VT, FF, CR, NEL, U+2028, U+2029) becomes a space, and one that is no blank to Unicode
/// (NUL, U+001C to U+001E) U+FFFD.
std::string one_line(std::string_view text);

/// one_line(), for formats that separate fields by "|||": where the text has that itself it becomes
/// "&#124;&#124;&#124;", as Moses escapes it.
std::string field(std::string_view text);

/// field(), for formats that separate tokens by blanks: a blank inside the token, of whatever kind,
/// becomes its character reference, "&#32;".
std::string field_token(std::string_view text);

/// `text` as a terminal may show it: control characters, and those that change the direction of
/// writing, become U+FFFD.
std::string shown(std::string_view text);

/// `word`, which has been through shown(), between isolates (U+2068, U+2069) if letters in it are
/// written from right to left: so that they do not turn round what stands beside them.
std::string isolated(std::string_view word);

}  // namespace weft

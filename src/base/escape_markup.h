#pragma once
// Text among markup.

#include <string>
#include <string_view>

namespace weft {

/// Text as it may stand between tags of XML and HTML: "&" as "&amp;", "<" as "&lt;", ">" as "&gt;".
std::string escape_markup(std::string_view text);

}  // namespace weft

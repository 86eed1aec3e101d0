#pragma once
// A hash that nobody can make another content have.

#include <string>
#include <string_view>

namespace weft {

/// SHA-256 (FIPS 180-4): 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

}  // namespace weft

#pragma once
// A file as a whole.

#include <string>

namespace weft {

/// All bytes of a file, decompressed; "-" is standard input. Throws UserError as open_byte_source()
/// does.
std::string read_file(const std::string& path);

}  // namespace weft

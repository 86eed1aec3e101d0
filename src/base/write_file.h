#pragma once

#include <string>
#include <string_view>

namespace weft {

/// Writes a file without waiting until it is on the disk, for thousands of them; what was there
/// before is lost. write_file_atomically() is for what must not be. Throws UserError if it cannot.
void write_file(const std::string& path, std::string_view bytes);

}  // namespace weft

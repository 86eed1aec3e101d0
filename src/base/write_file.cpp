#include "base/write_file.h"

#include <fstream>

#include "base/messages.h"

namespace weft {

void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) throw_file_error(path, "cannot be written");
}

}  // namespace weft

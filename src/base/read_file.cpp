#include "base/read_file.h"

#include <array>
#include <memory>

#include "base/byte_source.h"

namespace weft {

std::string read_file(const std::string& path) {
  const std::unique_ptr<ByteSource> source = open_byte_source(path);
  std::string bytes;
  std::array<char, 1 << 16> buffer;
  while (const std::size_t count = source->read(buffer.data(), buffer.size()))
    bytes.append(buffer.data(), count);
  return bytes;
}

}  // namespace weft

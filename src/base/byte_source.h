#pragma once
// Bytes of a file as they come: plain, gzip or zstd, whatever its name is.

#include <cstddef>
#include <memory>
#include <string>

namespace weft {

/// A stream of decompressed bytes.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Reads at most `size` bytes (at least 1) into `buffer`; returns how many, 0 at the end.
  /// Returns early with what is there, so that a pipe can be followed line by line.
  /// Throws UserError if it cannot be read, is compressed otherwise, damaged or cut short.
  virtual std::size_t read(char* buffer, std::size_t size) = 0;
};

/// Opens `path`; "-" is standard input. Its first bytes tell how it is compressed (those of a pipe
/// when it is read). Throws UserError as read() does, if it cannot be opened, or is a directory.
std::unique_ptr<ByteSource> open_byte_source(const std::string& path);

/// How messages call `path`: the path itself, "<stdin>" for "-".
std::string display_name(const std::string& path);

}  // namespace weft

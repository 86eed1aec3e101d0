#pragma once
// Which compressed formats there are, how their first bytes and their names tell them, and the
// decompression of those that Weft reads.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_source.h"

namespace weft {

enum class Compression {
  kNone,
  kGzip,
  kZstd,
  kOther,  ///< known by name, but neither read nor written
};

/// How a file is compressed, and what messages call it.
struct CompressionFormat {
  Compression compression = Compression::kNone;
  std::string_view name;  ///< "gzip", "xz"
};

/// What the first bytes of a file say; nothing if more bytes are needed to tell. At the end of the
/// file (`is_all`) there are no more.
std::optional<CompressionFormat> compression_of_content(std::string_view head, bool is_all);

/// What the ending of a file's name says, in small letters or capitals: .gz, .zst, .xz, .bz2, ...
CompressionFormat compression_of_name(std::string_view path);

/// The decompressed bytes of `compressed`, which messages call `name`. gzip may have several
/// members and zeros after the last, zstd several frames and a window of any size.
std::unique_ptr<ByteSource> decompress(Compression compression, const std::string& name,
                                       std::unique_ptr<ByteSource> compressed);

}  // namespace weft

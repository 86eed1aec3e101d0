#pragma once
// A stretch of a line of text, in bytes.

#include <cstddef>

namespace weft {

/// Bytes [begin, end) of a UTF-8 line, always on character boundaries.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const Span&) const = default;
};

}  // namespace weft

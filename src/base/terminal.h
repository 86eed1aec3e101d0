#pragma once
// The terminal that a descriptor may be.

#include <cstddef>

namespace weft {

/// Columns of the terminal; 80 if it is none, or does not know.
std::size_t terminal_columns(int descriptor);

}  // namespace weft

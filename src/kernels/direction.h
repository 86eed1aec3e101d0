#pragma once
// The order in which a sequence is read.

namespace weft::kernels {

enum class Direction { kForward, kBackward };

}  // namespace weft::kernels

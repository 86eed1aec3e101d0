#pragma once
// By the name of LibTorch's header: gradients, of which there are none.

#include <torch/types.h>

namespace weft::tensors {

struct GradMode {
  static constexpr bool is_enabled() { return false; }
};
struct NoGradGuard {
  NoGradGuard() {}  // not trivial, so that a guard is no unused variable
};

}  // namespace weft::tensors

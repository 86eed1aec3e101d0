#pragma once
// With what everything computes that has tensors.

#include "kernels/frozen_weights.h"
#include "kernels/product_context.h"
#include "kernels/weight_gradients.h"

namespace weft {

/// Handed from whoever starts a computation down to every op; nothing else decides how one is
/// computed but the device and the type of the tensors. By default, products are float32, weights
/// are packed at every call and gradients come at once.
struct ComputeContext : kernels::ProductContext {
  using ProductContext::ProductContext;
  /// Whether ops compute by their equations alone, in LibTorch's operations: what backends are
  /// tested against.
  bool plain = false;
};

/// A context with plain operations.
inline ComputeContext plain_operations() {
  ComputeContext compute;
  compute.plain = true;
  return compute;
}

}  // namespace weft

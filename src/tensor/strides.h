#pragma once
// Walks over the elements of tensors.

#include <algorithm>
#include <array>

#include "tensor/tensor.h"

namespace weft::tensors {

/// Calls `of_type(T{})` with the type of the elements.
template <class OfType>
auto with_type(ScalarType type, const OfType& of_type) {
  switch (type) {
    case kBool:
      return of_type(bool{});
    case kInt64:
      return of_type(int64_t{});
    case kFloat32:
      return of_type(float{});
    case kFloat64:
      return of_type(double{});
    default:
      fail("no arithmetic with ", type);
  }
}

/// The same for float32 and float64.
template <class OfType>
auto with_floating(ScalarType type, const OfType& of_type) {
  if (type == kFloat64) return of_type(double{});
  if (type == kFloat32) return of_type(float{});
  fail("expected a floating type, not ", type);
}

/// Strides of elements that lie one behind the other.
inline Extents strides_of(const Extents& sizes) {
  Extents strides;
  strides.count = sizes.count;
  int64_t step = 1;
  for (std::size_t d = sizes.count; d-- > 0;) {
    strides[d] = step;
    step *= sizes[d];
  }
  return strides;
}

inline int64_t product_of(IntArrayRef sizes) {
  int64_t product = 1;
  for (const int64_t size : sizes) product *= size;
  return product;
}

/// Calls row(offsets, count) for each run of `count` elements along the last dimension, with the
/// offset of its first element by each of the K strides.
template <std::size_t K, class Row>
void for_each_row(const Extents& sizes, const std::array<Extents, K>& strides, const Row& row) {
  if (product_of(sizes.ref()) == 0) return;
  std::array<int64_t, K> offsets{};
  if (sizes.count == 0) return row(offsets, int64_t{1});
  const std::size_t outer = sizes.count - 1;
  std::array<int64_t, kMostDimensions> index{};
  for (;;) {
    row(offsets, sizes[outer]);
    std::size_t d = outer;
    for (;; --d) {
      if (d == 0) return;
      for (std::size_t k = 0; k < K; ++k) offsets[k] += strides[k][d - 1];
      if (++index[d - 1] < sizes[d - 1]) break;
      for (std::size_t k = 0; k < K; ++k) offsets[k] -= strides[k][d - 1] * sizes[d - 1];
      index[d - 1] = 0;
    }
  }
}

inline int64_t last_of(const Extents& strides) {
  return strides.count == 0 ? 0 : strides[strides.count - 1];
}

/// The dimension moved behind all others.
inline Tensor moved_last(const Tensor& x, std::size_t dimension) {
  Extents order;
  for (std::size_t d = 0; d < x.sizes().size(); ++d)
    if (d != dimension) order.insert(order.count, static_cast<int64_t>(d));
  order.insert(order.count, static_cast<int64_t>(dimension));
  return x.permute(order.ref());
}

}  // namespace weft::tensors

// What goes element by element.

#include <cmath>

#include "kernels/vector_math.h"
#include "tensor/strides.h"

namespace weft::tensors {
namespace {

/// The type of both. A number counts less than a tensor with dimensions.
ScalarType promoted(const Tensor& a, const Tensor& b) {
  const bool are_floating = std::min(a.dtype(), b.dtype()) >= kFloat32;
  if (are_floating && (a.dim() == 0) != (b.dim() == 0)) return (a.dim() > 0 ? a : b).dtype();
  return std::max(a.dtype(), b.dtype());
}

/// The sizes that both are broadcast to.
Extents common_sizes(const Tensor& a, const Tensor& b) {
  const Extents x(a.sizes()), y(b.sizes());
  const Extents& longer = x.count >= y.count ? x : y;
  const Extents& shorter = x.count >= y.count ? y : x;
  Extents sizes = longer;
  const std::size_t added = longer.count - shorter.count;
  for (std::size_t d = 0; d < shorter.count; ++d) {
    int64_t& size = sizes[d + added];
    if (size == 1) size = shorter[d];
    if (shorter[d] != 1 && shorter[d] != size) fail(a.sizes(), " does not fit ", b.sizes());
  }
  return sizes;
}

/// function(x, y) of each pair of elements of type T, which both have.
template <class Out, class T, class Function>
Tensor each_pair(const Tensor& a, const Tensor& b, const Function& function) {
  auto sizes = common_sizes(a, b);
  const auto out = empty(sizes.ref(), type_of<Out>());
  std::array<Extents, 3> strides{Extents(out.strides()), Extents(a.expand(sizes.ref()).strides()),
                                 Extents(b.expand(sizes.ref()).strides())};
  const auto is_whole = [&](const Tensor& x) {
    return x.is_contiguous() && x.sizes() == sizes.ref();
  };
  if (is_whole(a) && (is_whole(b) || b.numel() == 1)) {  // one row
    const int64_t step = is_whole(b) ? 1 : 0;
    sizes = Extents({out.numel()});
    strides = {Extents({1}), Extents({1}), Extents({step})};
  }
  const int64_t dp = last_of(strides[1]), dq = last_of(strides[2]);
  Out* result = out.template data_ptr<Out>();
  const T *first = a.data_ptr<T>(), *second = b.data_ptr<T>();
  for_each_row<3>(sizes, strides, [&](const auto& offsets, int64_t count) {
    Out* r = result + offsets[0];
    const T *p = first + offsets[1], *q = second + offsets[2];
    if (dp == 1 && dq == 1) {
      for (int64_t i = 0; i < count; ++i) r[i] = function(p[i], q[i]);
    } else if (dp == 1 && dq == 0) {
      for (int64_t i = 0; i < count; ++i) r[i] = function(p[i], *q);
    } else {
      for (int64_t i = 0; i < count; ++i) r[i] = function(p[i * dp], q[i * dq]);
    }
  });
  return out;
}

/// The same of tensors of any types, which are promoted first; booleans to integers.
template <class Function>
Tensor arithmetic(const Tensor& a, const Tensor& b, const Function& function) {
  const auto type = std::max(promoted(a, b), kInt64);
  const auto x = a.to(type), y = b.to(type);
  if (type == kInt64) return each_pair<int64_t, int64_t>(x, y, function);
  return with_floating(type, [&](auto zero) {
    using T = decltype(zero);
    return each_pair<T, T>(x, y, function);
  });
}

template <class Function>
Tensor compared(const Tensor& a, const Tensor& b, const Function& function) {
  const auto type = promoted(a, b);
  return with_type(type, [&](auto zero) {
    return each_pair<bool, decltype(zero)>(a.to(type), b.to(type), function);
  });
}

/// function(x) of each element.
template <class Function>
Tensor each_floating(const Tensor& x, const Function& function) {
  const auto from = x.contiguous();
  const auto out = empty_like(from);
  with_floating(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T* begin = from.data_ptr<T>();
    std::transform(begin, begin + from.numel(), out.data_ptr<T>(), function);
  });
  return out;
}

/// A kernel's function of float32.
Tensor vectorized(const Tensor& x, void (*function)(const float*, float*, int64_t)) {
  const auto from = x.contiguous();
  const auto out = empty_like(from);
  function(from.data_ptr<float>(), out.data_ptr<float>(), from.numel());
  return out;
}

}  // namespace

Tensor scalar_tensor(Scalar value, ScalarType beside) {
  if (beside >= kFloat32) return full({}, value, beside);
  return full({}, value, value.is_whole() ? kInt64 : kFloat32);
}

Tensor operator+(const Tensor& a, const Tensor& b) {
  return arithmetic(a, b, [](auto x, auto y) { return x + y; });
}
Tensor operator-(const Tensor& a, const Tensor& b) {
  return arithmetic(a, b, [](auto x, auto y) { return x - y; });
}
Tensor operator*(const Tensor& a, const Tensor& b) {
  return arithmetic(a, b, [](auto x, auto y) { return x * y; });
}
Tensor operator/(const Tensor& a, const Tensor& b) {
  const auto type = std::max(promoted(a, b), kFloat32);
  return arithmetic(a.to(type), b.to(type), [](auto x, auto y) { return x / y; });
}

Tensor Tensor::operator-() const { return 0 - *this; }

Tensor operator<=(const Tensor& a, const Tensor& b) {
  return compared(a, b, [](auto x, auto y) { return x <= y; });
}
Tensor operator<=(const Tensor& a, Scalar b) { return a <= scalar_tensor(b, a.dtype()); }
Tensor operator>(const Tensor& a, const Tensor& b) {
  return compared(a, b, [](auto x, auto y) { return x > y; });
}

Tensor Tensor::lt(Scalar other) const { return scalar_tensor(other, dtype()) > *this; }
Tensor Tensor::ge(Scalar other) const { return scalar_tensor(other, dtype()) <= *this; }
Tensor Tensor::gt(Scalar other) const { return *this > scalar_tensor(other, dtype()); }

Tensor Tensor::logical_not() const {
  return each_pair<bool, bool>(*this, *this, [](bool x, bool) { return !x; });
}

Tensor Tensor::logical_and(const Tensor& other) const {
  return each_pair<bool, bool>(*this, other, [](bool x, bool y) { return x && y; });
}

Tensor Tensor::abs() const {
  return arithmetic(*this, *this, [](auto x, auto) { return x < 0 ? -x : x; });
}

Tensor Tensor::clamp_min(Scalar least) const {
  // A NaN stays one.
  return arithmetic(*this, scalar_tensor(least, dtype()),
                    [](auto x, auto y) { return x < y ? y : x; });
}

Tensor Tensor::clamp(Scalar least, Scalar most) const {
  return arithmetic(clamp_min(least), scalar_tensor(most, dtype()),
                    [](auto x, auto y) { return y < x ? y : x; });
}

Tensor Tensor::floor_divide(Scalar divisor) const {
  require_type(kInt64);
  return each_pair<int64_t, int64_t>(*this, full({}, divisor, kInt64), [](int64_t x, int64_t y) {
    return x / y - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0);
  });
}

Tensor Tensor::exp() const {
  if (dtype() == kFloat32) return vectorized(*this, kernels::vector_exp);
  return each_floating(*this, [](auto x) { return std::exp(x); });
}
Tensor Tensor::log() const {
  return each_floating(*this, [](auto x) { return std::log(x); });
}
Tensor Tensor::sqrt() const {
  return each_floating(*this, [](auto x) { return std::sqrt(x); });
}
Tensor Tensor::sin() const {
  return each_floating(*this, [](auto x) { return std::sin(x); });
}
Tensor Tensor::cos() const {
  return each_floating(*this, [](auto x) { return std::cos(x); });
}

Tensor sigmoid(const Tensor& x) { return vectorized(x, kernels::vector_sigmoid); }
Tensor tanh(const Tensor& x) { return vectorized(x, kernels::vector_tanh); }
Tensor relu(const Tensor& x) { return x.clamp_min(0); }

Tensor minimum(const Tensor& a, const Tensor& b) {
  return arithmetic(a, b, [](auto x, auto y) { return y < x ? y : x; });
}

Tensor lerp(const Tensor& a, const Tensor& b, const Tensor& weight) { return a + weight * (b - a); }

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  const auto type = promoted(a, b);
  const auto x = a.to(type), y = b.to(type);
  const Extents sizes(common_sizes(condition.expand(common_sizes(condition, x).ref()), y));
  const auto c = condition.expand(sizes.ref());
  auto out = y.expand(sizes.ref()).clone();
  const auto chosen = x.expand(sizes.ref());
  with_type(type, [&](auto zero) {
    using T = decltype(zero);
    const Extents to(out.strides()), dx(chosen.strides()), dc(c.strides());
    for_each_row<3>(sizes, {to, dx, dc}, [&](const auto& offsets, int64_t count) {
      T* result = out.template data_ptr<T>() + offsets[0];
      const T* from = chosen.template data_ptr<T>() + offsets[1];
      const bool* is_chosen = c.template data_ptr<bool>() + offsets[2];
      for (int64_t i = 0; i < count; ++i)
        if (is_chosen[i * last_of(dc)]) result[i] = from[i * last_of(dx)];
    });
  });
  return out;
}

Tensor Tensor::masked_fill(const Tensor& mask, Scalar value) const {
  return where(mask, full({}, value, dtype()), *this);
}

Tensor& Tensor::masked_fill_(const Tensor& mask, Scalar value) {
  return copy_(masked_fill(mask, value));
}

}  // namespace weft::tensors

#pragma once
// Tensors for search on the processor, without LibTorch: the part of its interface that the blocks
// use when nothing is learnt, with its meaning, so that the same source text is compiled with
// either. Elements are shared between copies and views; nothing is recorded. Functions throw
// Error where LibTorch would; sizes are broadcast and types promoted as there. Elements of
// results are float32 to within rounding of LibTorch's.

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "tensor/types.h"

namespace weft::tensors {

inline constexpr std::size_t kMostDimensions = 6;

/// A list of sizes or of strides (in elements) with its own memory.
struct Extents {
  std::array<int64_t, kMostDimensions> values{};
  std::size_t count = 0;

  Extents() = default;
  Extents(IntArrayRef list);
  IntArrayRef ref() const { return {values.data(), count}; }
  int64_t& operator[](std::size_t i) { return values[i]; }
  int64_t operator[](std::size_t i) const { return values[i]; }
  void insert(std::size_t at, int64_t value);
  void erase(std::size_t at);
};

enum class MemoryFormat : uint8_t { Contiguous, Preserve };

/// Elements of an N-dimensional tensor by their indices.
template <class T, std::size_t N>
class TensorAccessor {
 public:
  TensorAccessor(T* data, const int64_t* sizes, const int64_t* strides)
      : data_(data), sizes_(sizes), strides_(strides) {}
  decltype(auto) operator[](int64_t i) const {
    if constexpr (N == 1) {
      return (data_[i * strides_[0]]);
    } else {
      return TensorAccessor<T, N - 1>(data_ + i * strides_[0], sizes_ + 1, strides_ + 1);
    }
  }
  T* data() const { return data_; }
  int64_t size(int64_t dimension) const { return sizes_[dimension]; }

 private:
  T* data_;
  const int64_t* sizes_;
  const int64_t* strides_;
};

class Tensor {
 public:
  Tensor() = default;
  /// Of elements in the order of `strides` that `owner` keeps.
  Tensor(std::shared_ptr<void> owner, void* data, ScalarType type, const Extents& sizes,
         const Extents& strides);
  // Not inline, where they would be half of all code.
  Tensor(const Tensor&);
  Tensor(Tensor&&) noexcept;
  ~Tensor();
  Tensor& operator=(const Tensor&) &;
  Tensor& operator=(Tensor&&) & noexcept;
  /// Of a part of a tensor: its elements are replaced.
  Tensor& operator=(const Tensor& other) && { return copy_(other); }
  Tensor& operator=(Tensor&& other) && { return copy_(other); }
  Tensor& operator=(Scalar value) && { return fill_(value); }

  bool defined() const { return impl_ != nullptr; }
  int64_t dim() const { return static_cast<int64_t>(sizes().size()); }
  int64_t size(int64_t dimension) const;
  int64_t numel() const;
  IntArrayRef sizes() const { return impl().sizes.ref(); }
  IntArrayRef strides() const { return impl().strides.ref(); }
  ScalarType scalar_type() const { return impl().type; }
  ScalarType dtype() const { return impl().type; }
  TensorOptions options() const { return {impl().type}; }
  int64_t element_size() const { return bytes_of(impl().type); }
  std::size_t nbytes() const { return static_cast<std::size_t>(numel() * element_size()); }
  static Device device() { return {}; }
  static bool is_cuda() { return false; }
  static bool is_cpu() { return true; }
  static bool requires_grad() { return false; }
  static bool is_leaf() { return true; }
  static bool is_view() { return false; }
  bool is_contiguous() const;
  void* data_ptr() const { return impl().data; }
  template <class T>
  T* data_ptr() const {
    require_type(type_of<T>());
    return static_cast<T*>(impl().data);
  }
  template <class T, std::size_t N>
  TensorAccessor<T, N> accessor() const {
    require_type(type_of<T>());
    return {static_cast<T*>(impl().data), sizes().begin(), strides().begin()};
  }
  /// Of a tensor of one element.
  template <class T>
  T item() const {
    return static_cast<T>(number());
  }

  /// Another tensor's elements take the place of this one's, in all copies of it.
  void set_data(const Tensor& other) const { *impl_ = *other.impl_; }
  const Tensor& set_requires_grad(bool /*wanted*/) const { return *this; }
  Tensor detach() const { return *this; }

  // Views.
  Tensor operator[](int64_t index) const { return select(0, index); }
  Tensor select(int64_t dimension, int64_t index) const;
  Tensor narrow(int64_t dimension, int64_t start, int64_t length) const;
  Tensor unsqueeze(int64_t dimension) const;
  Tensor squeeze(int64_t dimension) const;
  Tensor transpose(int64_t a, int64_t b) const;
  Tensor t() const { return transpose(0, 1); }
  Tensor permute(IntArrayRef order) const;
  Tensor expand(IntArrayRef sizes) const;
  /// Of the same elements in the same order; one size may be -1. reshape() may copy.
  Tensor view(IntArrayRef sizes) const;
  Tensor reshape(IntArrayRef sizes) const;
  Tensor view_as(const Tensor& other) const { return view(other.sizes()); }
  Tensor flatten(int64_t first = 0, int64_t last = -1) const;
  Tensor unflatten(int64_t dimension, IntArrayRef sizes) const;
  std::vector<Tensor> chunk(int64_t count, int64_t dimension = 0) const;
  std::vector<Tensor> split_with_sizes(IntArrayRef sizes, int64_t dimension) const;
  std::vector<Tensor> unbind(int64_t dimension) const;

  // Copies.
  Tensor contiguous() const;
  Tensor clone(MemoryFormat format = MemoryFormat::Contiguous) const;
  Tensor to(ScalarType type) const;
  Tensor to(TensorOptions options) const { return to(options.type()); }
  Tensor to(Device /*device*/, bool /*beside*/ = false) const { return *this; }
  Tensor to(DeviceType /*device*/, bool /*beside*/ = false) const { return *this; }
  Tensor pin_memory() const { return *this; }
  Tensor flip(int64_t dimension) const;

  // Element by element.
  Tensor abs() const;
  Tensor exp() const;
  Tensor log() const;
  Tensor sqrt() const;
  Tensor square() const { return *this * *this; }
  Tensor sin() const;
  Tensor cos() const;
  Tensor clamp_min(Scalar least) const;
  Tensor clamp(Scalar least, Scalar most) const;
  Tensor floor_divide(Scalar divisor) const;
  Tensor logical_not() const;
  Tensor logical_and(const Tensor& other) const;
  Tensor lt(Scalar other) const;
  Tensor ge(Scalar other) const;
  Tensor gt(Scalar other) const;
  Tensor masked_fill(const Tensor& mask, Scalar value) const;
  friend Tensor operator+(const Tensor& a, const Tensor& b);
  friend Tensor operator-(const Tensor& a, const Tensor& b);
  friend Tensor operator*(const Tensor& a, const Tensor& b);
  friend Tensor operator/(const Tensor& a, const Tensor& b);
  Tensor operator-() const;

  // Over a dimension.
  Tensor sum() const;
  Tensor sum(int64_t dimension, bool keeps = false) const;
  Tensor mean(int64_t dimension, bool keeps = false) const;
  Tensor amax(int64_t dimension, bool keeps = false) const;
  Tensor argmax(int64_t dimension, bool keeps = false) const;
  Tensor cumsum(int64_t dimension) const;
  /// Elements, and where they stood; of equal ones the first first.
  std::tuple<Tensor, Tensor> sort(int64_t dimension, bool falling) const;
  std::tuple<Tensor, Tensor> topk(int64_t count, int64_t dimension) const;

  // By index, int64.
  Tensor index_select(int64_t dimension, const Tensor& index) const;
  Tensor gather(int64_t dimension, const Tensor& index) const;
  Tensor masked_scatter(const Tensor& mask, const Tensor& source) const;

  Tensor matmul(const Tensor& other) const;

  // Changes of the elements.
  Tensor& copy_(const Tensor& other);
  Tensor& fill_(Scalar value);
  Tensor& zero_() { return fill_(0); }
  Tensor& add_(const Tensor& other) { return copy_(*this + other); }
  Tensor& sub_(const Tensor& other) { return copy_(*this - other); }
  Tensor& sub_(Scalar other);
  Tensor& masked_fill_(const Tensor& mask, Scalar value);
  Tensor& scatter_(int64_t dimension, const Tensor& index, const Tensor& source);
  Tensor& scatter_(int64_t dimension, const Tensor& index, Scalar value);
  Tensor& index_copy_(int64_t dimension, const Tensor& index, const Tensor& source);
  Tensor& index_fill_(int64_t dimension, const Tensor& index, Scalar value);

 private:
  struct Impl {
    std::shared_ptr<void> owner;
    void* data;
    ScalarType type;
    Extents sizes, strides;
  };
  const Impl& impl() const;
  void require_type(ScalarType type) const;
  /// Another view of the same elements.
  Tensor viewed(int64_t offset, const Extents& sizes, const Extents& strides) const;
  double number() const;

  std::shared_ptr<Impl> impl_;
};

/// A dimension counted from 0, of one that may be counted from the end.
std::size_t dimension_of(int64_t dimension, int64_t dimensions);

Tensor empty(IntArrayRef sizes, TensorOptions options = {});
Tensor full(IntArrayRef sizes, Scalar value, TensorOptions options = {});
inline Tensor zeros(IntArrayRef sizes, TensorOptions options = {}) {
  return full(sizes, 0, options);
}
inline Tensor ones(IntArrayRef sizes, TensorOptions options = {}) {
  return full(sizes, 1, options);
}
Tensor empty_like(const Tensor& x, MemoryFormat format = MemoryFormat::Contiguous);
inline Tensor zeros_like(const Tensor& x) { return zeros(x.sizes(), x.options()); }
Tensor arange(int64_t end, TensorOptions options = kInt64);
Tensor arange(int64_t begin, int64_t end, TensorOptions options);
Tensor arange(int64_t begin, int64_t end, int64_t step, TensorOptions options);
Tensor tensor(const std::vector<int64_t>& values, TensorOptions options = kInt64);
/// `owner` is called when nothing reads the elements any more.
Tensor from_blob(void* data, IntArrayRef sizes, const std::function<void(void*)>& owner,
                 TensorOptions options);

/// A tensor of one element without dimensions, which does not change the type of another.
Tensor scalar_tensor(Scalar value, ScalarType beside);
inline Tensor operator+(const Tensor& a, Scalar b) { return a + scalar_tensor(b, a.dtype()); }
inline Tensor operator-(const Tensor& a, Scalar b) { return a - scalar_tensor(b, a.dtype()); }
inline Tensor operator*(const Tensor& a, Scalar b) { return a * scalar_tensor(b, a.dtype()); }
inline Tensor operator/(const Tensor& a, Scalar b) { return a / scalar_tensor(b, a.dtype()); }
inline Tensor operator+(Scalar a, const Tensor& b) { return scalar_tensor(a, b.dtype()) + b; }
inline Tensor operator-(Scalar a, const Tensor& b) { return scalar_tensor(a, b.dtype()) - b; }
inline Tensor operator*(Scalar a, const Tensor& b) { return scalar_tensor(a, b.dtype()) * b; }
inline Tensor operator/(Scalar a, const Tensor& b) { return scalar_tensor(a, b.dtype()) / b; }
inline Tensor& Tensor::sub_(Scalar other) { return copy_(*this - other); }
Tensor operator<=(const Tensor& a, const Tensor& b);
Tensor operator<=(const Tensor& a, Scalar b);
Tensor operator>(const Tensor& a, const Tensor& b);
inline Tensor operator>(const Tensor& a, Scalar b) { return a.gt(b); }

Tensor minimum(const Tensor& a, const Tensor& b);
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);
Tensor sigmoid(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor relu(const Tensor& x);
inline Tensor exp(const Tensor& x) { return x.exp(); }
/// x + a b
inline Tensor addcmul(const Tensor& x, const Tensor& a, const Tensor& b) { return x + a * b; }
/// a + weight (b - a)
Tensor lerp(const Tensor& a, const Tensor& b, const Tensor& weight);

Tensor softmax(const Tensor& x, int64_t dimension);
Tensor log_softmax(const Tensor& x, int64_t dimension);
Tensor logsumexp(const Tensor& x, int64_t dimension);
/// Over the last dimension.
Tensor layer_norm(const Tensor& x, IntArrayRef width, const Tensor& gain, const Tensor& bias,
                  double epsilon);

Tensor cat(const std::vector<Tensor>& parts, int64_t dimension = 0);
Tensor stack(const std::vector<Tensor>& parts, int64_t dimension = 0);
/// Pairs of how much is added before and behind, of the last dimension, the one before it, ...;
/// a negative number takes away.
Tensor constant_pad_nd(const Tensor& x, IntArrayRef padding, Scalar value = 0);
Tensor one_hot(const Tensor& index, int64_t classes);
Tensor embedding(const Tensor& matrix, const Tensor& index);

/// [B, N, K] x [B, K, M] -> [B, N, M]
Tensor bmm(const Tensor& a, const Tensor& b);
inline Tensor matmul(const Tensor& a, const Tensor& b) { return a.matmul(b); }
/// x W^T + b over the last dimension.
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias = {});

}  // namespace weft::tensors

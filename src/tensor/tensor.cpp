#include "tensor/tensor.h"

#include <cstring>
#include <numeric>
#include <utility>

#include "tensor/strides.h"

namespace weft::tensors {
namespace {

/// Memory for the elements, as LibTorch has it at multiples of 64 bytes.
std::shared_ptr<void> memory(int64_t bytes) {
  constexpr std::size_t kAlignment = 64;
  const auto size = (static_cast<std::size_t>(bytes) + kAlignment - 1) / kAlignment * kAlignment;
  void* data = std::aligned_alloc(kAlignment, std::max(size, kAlignment));
  if (data == nullptr) throw std::bad_alloc();
  return {data, &std::free};
}

/// Sizes of which one may be -1: what is left of `elements`.
Extents completed(IntArrayRef sizes, int64_t elements) {
  Extents all(sizes);
  int64_t known = 1;
  for (const int64_t size : sizes) known *= size == -1 ? 1 : size;
  for (std::size_t d = 0; d < all.count; ++d)
    if (all[d] == -1) all[d] = known == 0 ? 0 : elements / known;
  if (product_of(all.ref()) != elements) fail("cannot view ", elements, " elements as ", sizes);
  return all;
}

template <class To, class From>
void convert(const Tensor& to, const Tensor& from) {
  const Extents a(to.strides()), b(from.strides());
  const int64_t da = last_of(a), db = last_of(b);
  for_each_row<2>(Extents(to.sizes()), {a, b}, [&](const auto& offsets, int64_t count) {
    To* x = static_cast<To*>(to.data_ptr()) + offsets[0];
    const From* y = static_cast<const From*>(from.data_ptr()) + offsets[1];
    if (std::is_same_v<To, From> && da == 1 && db == 1) {
      std::memcpy(static_cast<void*>(x), y, static_cast<std::size_t>(count) * sizeof(To));
    } else {
      for (int64_t i = 0; i < count; ++i) x[i * da] = static_cast<To>(y[i * db]);
    }
  });
}

}  // namespace

int64_t bytes_of(ScalarType type) {
  switch (type) {
    case kBool:
    case kUInt8:
      return 1;
    case kFloat16:
    case kBFloat16:
      return 2;
    case kFloat32:
      return 4;
    case kInt64:
    case kFloat64:
      return 8;
  }
  fail("unknown type");
}

std::ostream& operator<<(std::ostream& out, ScalarType type) {
  constexpr const char* kNames[] = {"Bool", "Byte", "Long", "Half", "BFloat16", "Float", "Double"};
  return out << kNames[static_cast<std::size_t>(type)];
}

bool IntArrayRef::operator==(const IntArrayRef& other) const {
  return std::equal(begin(), end(), other.begin(), other.end());
}

std::ostream& operator<<(std::ostream& out, const IntArrayRef& sizes) {
  out << "[";
  for (std::size_t i = 0; i < sizes.size(); ++i) out << (i > 0 ? ", " : "") << sizes[i];
  return out << "]";
}

Extents::Extents(IntArrayRef list) : count(list.size()) {
  if (count > kMostDimensions) fail("tensors have up to ", kMostDimensions, " dimensions");
  std::copy(list.begin(), list.end(), values.begin());
}

void Extents::insert(std::size_t at, int64_t value) {
  if (count == kMostDimensions) fail("tensors have up to ", kMostDimensions, " dimensions");
  std::move_backward(values.begin() + at, values.begin() + count, values.begin() + count + 1);
  values[at] = value;
  ++count;
}

void Extents::erase(std::size_t at) {
  std::move(values.begin() + at + 1, values.begin() + count, values.begin() + at);
  --count;
}

std::size_t dimension_of(int64_t dimension, int64_t dimensions) {
  const int64_t wrapped = dimension < 0 ? dimension + dimensions : dimension;
  if (wrapped < 0 || wrapped >= dimensions)
    fail("dimension ", dimension, " of a tensor of ", dimensions);
  return static_cast<std::size_t>(wrapped);
}

Tensor::Tensor(std::shared_ptr<void> owner, void* data, ScalarType type, const Extents& sizes,
               const Extents& strides)
    : impl_(std::make_shared<Impl>(Impl{std::move(owner), data, type, sizes, strides})) {}

Tensor::Tensor(const Tensor&) = default;
Tensor::Tensor(Tensor&&) noexcept = default;
Tensor::~Tensor() = default;
Tensor& Tensor::operator=(const Tensor&) & = default;
Tensor& Tensor::operator=(Tensor&&) & noexcept = default;

const Tensor::Impl& Tensor::impl() const {
  if (!impl_) fail("an undefined tensor is used");
  return *impl_;
}

void Tensor::require_type(ScalarType type) const {
  if (impl().type != type) fail("expected elements of type ", type, ", not ", impl().type);
}

int64_t Tensor::size(int64_t dimension) const { return sizes()[dimension_of(dimension, dim())]; }

int64_t Tensor::numel() const { return product_of(sizes()); }

bool Tensor::is_contiguous() const {
  int64_t step = 1;
  for (std::size_t d = sizes().size(); d-- > 0;) {
    if (sizes()[d] != 1 && strides()[d] != step) return numel() == 0;
    step *= sizes()[d];
  }
  return true;
}

double Tensor::number() const {
  if (numel() != 1) fail("a tensor ", sizes(), " is no number");
  return with_type(dtype(), [&](auto type) {
    return static_cast<double>(*static_cast<const decltype(type)*>(data_ptr()));
  });
}

Tensor Tensor::viewed(int64_t offset, const Extents& sizes, const Extents& strides) const {
  return {impl().owner, static_cast<char*>(impl().data) + offset * element_size(), dtype(), sizes,
          strides};
}

Tensor Tensor::select(int64_t dimension, int64_t index) const {
  const auto d = dimension_of(dimension, dim());
  if (index < -sizes()[d] || index >= sizes()[d])
    fail("index ", index, " of dimension ", dimension, " of ", sizes());
  Extents sizes(this->sizes()), strides(this->strides());
  const int64_t offset = (index < 0 ? index + sizes[d] : index) * strides[d];
  sizes.erase(d);
  strides.erase(d);
  return viewed(offset, sizes, strides);
}

Tensor Tensor::narrow(int64_t dimension, int64_t start, int64_t length) const {
  const auto d = dimension_of(dimension, dim());
  if (start < 0 || length < 0 || start + length > sizes()[d])
    fail("[", start, ", ", start + length, ") of dimension ", dimension, " of ", sizes());
  Extents sizes(this->sizes());
  sizes[d] = length;
  return viewed(start * strides()[d], sizes, Extents(strides()));
}

Tensor Tensor::unsqueeze(int64_t dimension) const {
  const auto d = dimension_of(dimension, dim() + 1);
  Extents sizes(this->sizes()), strides(this->strides());
  strides.insert(d, d < sizes.count ? sizes[d] * strides[d] : 1);
  sizes.insert(d, 1);
  return viewed(0, sizes, strides);
}

Tensor Tensor::squeeze(int64_t dimension) const {
  return size(dimension) == 1 ? select(dimension, 0) : *this;
}

Tensor Tensor::transpose(int64_t a, int64_t b) const {
  Extents sizes(this->sizes()), strides(this->strides());
  const auto first = dimension_of(a, dim()), second = dimension_of(b, dim());
  std::swap(sizes[first], sizes[second]);
  std::swap(strides[first], strides[second]);
  return viewed(0, sizes, strides);
}

Tensor Tensor::permute(IntArrayRef order) const {
  if (order.size() != sizes().size()) fail("cannot order ", sizes(), " by ", order);
  Extents sizes, strides;
  for (const int64_t from : order) {
    const auto d = dimension_of(from, dim());
    sizes.insert(sizes.count, this->sizes()[d]);
    strides.insert(strides.count, this->strides()[d]);
  }
  return viewed(0, sizes, strides);
}

Tensor Tensor::expand(IntArrayRef wanted) const {
  if (wanted.size() < sizes().size()) fail("cannot expand ", sizes(), " to ", wanted);
  Extents sizes(wanted), strides;
  strides.count = sizes.count;
  const std::size_t added = sizes.count - this->sizes().size();
  for (std::size_t d = 0; d < sizes.count; ++d) {
    const int64_t own = d < added ? 1 : this->sizes()[d - added];
    if (sizes[d] == -1) sizes[d] = own;
    if (own != 1 && own != sizes[d]) fail("cannot expand ", this->sizes(), " to ", wanted);
    strides[d] = d < added || own != sizes[d] ? 0 : this->strides()[d - added];
  }
  return viewed(0, sizes, strides);
}

Tensor Tensor::view(IntArrayRef wanted) const {
  if (!is_contiguous()) fail("a view of elements that do not lie one behind the other");
  const auto sizes = completed(wanted, numel());
  return viewed(0, sizes, strides_of(sizes));
}

Tensor Tensor::reshape(IntArrayRef wanted) const { return contiguous().view(wanted); }

Tensor Tensor::flatten(int64_t first, int64_t last) const {
  if (dim() == 0) return reshape({1});
  const auto begin = dimension_of(first, dim()), end = dimension_of(last, dim());
  Extents sizes(this->sizes());
  for (std::size_t d = begin; d < end; ++d) {
    sizes[begin] *= sizes[begin + 1];
    sizes.erase(begin + 1);
  }
  return reshape(sizes.ref());
}

Tensor Tensor::unflatten(int64_t dimension, IntArrayRef wanted) const {
  const auto d = dimension_of(dimension, dim());
  const auto parts = completed(wanted, sizes()[d]);
  Extents sizes(this->sizes()), strides(this->strides());
  int64_t stride = strides[d];
  sizes.erase(d);
  strides.erase(d);
  for (std::size_t k = parts.count; k-- > 0;) {
    sizes.insert(d, parts[k]);
    strides.insert(d, stride);
    stride *= parts[k];
  }
  return viewed(0, sizes, strides);
}

std::vector<Tensor> Tensor::chunk(int64_t count, int64_t dimension) const {
  const int64_t size = this->size(dimension);
  const int64_t width = std::max<int64_t>(1, (size + count - 1) / count);
  std::vector<Tensor> parts;
  for (int64_t begin = 0; begin < size; begin += width)
    parts.push_back(narrow(dimension, begin, std::min(width, size - begin)));
  return parts;
}

std::vector<Tensor> Tensor::split_with_sizes(IntArrayRef sizes, int64_t dimension) const {
  std::vector<Tensor> parts;
  int64_t begin = 0;
  for (const int64_t size : sizes) {
    parts.push_back(narrow(dimension, begin, size));
    begin += size;
  }
  if (begin != size(dimension)) fail("cannot split ", this->sizes(), " into ", sizes);
  return parts;
}

std::vector<Tensor> Tensor::unbind(int64_t dimension) const {
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < size(dimension); ++i) parts.push_back(select(dimension, i));
  return parts;
}

Tensor Tensor::contiguous() const { return is_contiguous() ? *this : clone(); }

Tensor Tensor::clone(MemoryFormat /*format*/) const {
  auto copy = empty_like(*this);
  copy.copy_(*this);
  return copy;
}

Tensor Tensor::to(ScalarType type) const {
  if (type == dtype()) return *this;
  auto converted = empty(sizes(), type);
  converted.copy_(*this);
  return converted;
}

Tensor Tensor::flip(int64_t dimension) const {
  auto flipped = empty_like(*this);
  const int64_t count = size(dimension);
  for (int64_t i = 0; i < count; ++i)
    flipped.select(dimension, i).copy_(select(dimension, count - 1 - i));
  return flipped;
}

Tensor& Tensor::copy_(const Tensor& other) {
  const auto from = other.expand(sizes());
  with_type(dtype(), [&](auto to_type) {
    with_type(from.dtype(), [&](auto from_type) {
      convert<decltype(to_type), decltype(from_type)>(*this, from);
    });
  });
  return *this;
}

Tensor& Tensor::fill_(Scalar value) { return copy_(full({}, value, dtype())); }

Tensor empty(IntArrayRef sizes, TensorOptions options) {
  auto owner = memory(product_of(sizes) * bytes_of(options.type()));
  void* data = owner.get();
  const Extents extents(sizes);
  return {std::move(owner), data, options.type(), extents, strides_of(extents)};
}

Tensor empty_like(const Tensor& x, MemoryFormat /*format*/) {
  return empty(x.sizes(), x.options());
}

Tensor full(IntArrayRef sizes, Scalar value, TensorOptions options) {
  auto filled = empty(sizes, options);
  with_type(options.type(), [&](auto type) {
    using T = decltype(type);
    std::fill_n(filled.data_ptr<T>(), filled.numel(), value.to<T>());
  });
  return filled;
}

Tensor arange(int64_t end, TensorOptions options) { return arange(0, end, 1, options); }

Tensor arange(int64_t begin, int64_t end, TensorOptions options) {
  return arange(begin, end, 1, options);
}

Tensor arange(int64_t begin, int64_t end, int64_t step, TensorOptions options) {
  std::vector<int64_t> values;
  for (int64_t value = begin; value < end; value += step) values.push_back(value);
  return tensor(values, options);
}

Tensor tensor(const std::vector<int64_t>& values, TensorOptions options) {
  const auto count = static_cast<int64_t>(values.size());
  auto integers = empty({count}, kInt64);
  std::copy(values.begin(), values.end(), integers.data_ptr<int64_t>());
  return integers.to(options);
}

Tensor from_blob(void* data, IntArrayRef sizes, const std::function<void(void*)>& owner,
                 TensorOptions options) {
  const Extents extents(sizes);
  return {std::shared_ptr<void>(data, owner), data, options.type(), extents, strides_of(extents)};
}

}  // namespace weft::tensors

// What takes elements from places, and puts them there.

#include <cstring>

#include "tensor/strides.h"

namespace weft::tensors {
namespace {

/// The indices of a list, each of which must be one of `size` places.
std::vector<int64_t> indices_of(const Tensor& index, int64_t size) {
  const auto list = index.contiguous();
  const auto* begin = list.data_ptr<int64_t>();
  std::vector<int64_t> indices(begin, begin + list.numel());
  for (const int64_t i : indices)
    if (i < 0 || i >= size) fail("index ", i, " of ", size, " places");
  return indices;
}

/// Calls at(position in `index`, element's offset in x), for each element of `index` [..., K, ...],
/// which says where along the dimension it is; the other places are the same in both.
template <class At>
void for_each_index(const Tensor& index, const Tensor& x, int64_t dimension, const At& at) {
  const auto d = dimension_of(dimension, x.dim());
  const auto list = index.contiguous();
  const auto* indices = list.data_ptr<int64_t>();
  Extents strides(x.strides());
  const int64_t step = strides[d];
  strides[d] = 0;
  const Extents sizes(index.sizes());
  for_each_row<2>(sizes, {strides_of(sizes), strides}, [&](const auto& offsets, int64_t count) {
    for (int64_t i = 0; i < count; ++i) {
      const int64_t place = indices[offsets[0] + i];
      if (place < 0 || place >= x.size(dimension)) fail("index ", place, " of ", x.sizes());
      at(offsets[0] + i, offsets[1] + i * last_of(strides) + place * step);
    }
  });
}

}  // namespace

Tensor Tensor::index_select(int64_t dimension, const Tensor& index) const {
  const auto d = dimension_of(dimension, dim());
  const auto indices = indices_of(index, sizes()[d]);
  Extents sizes(this->sizes());
  sizes[d] = static_cast<int64_t>(indices.size());
  auto out = empty(sizes.ref(), options());
  if (d == 0 && is_contiguous() && numel() > 0) {
    const auto bytes = nbytes() / static_cast<std::size_t>(this->sizes()[0]);
    auto* to = static_cast<char*>(out.data_ptr());
    for (const int64_t i : indices) {
      std::memcpy(to, static_cast<const char*>(data_ptr()) + i * static_cast<int64_t>(bytes),
                  bytes);
      to += bytes;
    }
    return out;
  }
  for (std::size_t k = 0; k < indices.size(); ++k)
    out.select(dimension, static_cast<int64_t>(k)).copy_(select(dimension, indices[k]));
  return out;
}

Tensor& Tensor::index_copy_(int64_t dimension, const Tensor& index, const Tensor& source) {
  const auto indices = indices_of(index, size(dimension));
  for (std::size_t k = 0; k < indices.size(); ++k)
    select(dimension, indices[k]).copy_(source.select(dimension, static_cast<int64_t>(k)));
  return *this;
}

Tensor& Tensor::index_fill_(int64_t dimension, const Tensor& index, Scalar value) {
  for (const int64_t i : indices_of(index, size(dimension))) select(dimension, i).fill_(value);
  return *this;
}

Tensor Tensor::gather(int64_t dimension, const Tensor& index) const {
  auto out = empty(index.sizes(), options());
  with_type(dtype(), [&](auto zero) {
    using T = decltype(zero);
    for_each_index(index, *this, dimension, [&](int64_t to, int64_t from) {
      out.template data_ptr<T>()[to] = data_ptr<T>()[from];
    });
  });
  return out;
}

Tensor& Tensor::scatter_(int64_t dimension, const Tensor& index, const Tensor& source) {
  const auto from = source.expand(index.sizes()).to(dtype()).contiguous();
  with_type(dtype(), [&](auto zero) {
    using T = decltype(zero);
    for_each_index(index, *this, dimension, [&](int64_t i, int64_t to) {
      data_ptr<T>()[to] = from.template data_ptr<T>()[i];
    });
  });
  return *this;
}

Tensor& Tensor::scatter_(int64_t dimension, const Tensor& index, Scalar value) {
  return scatter_(dimension, index, full({}, value, dtype()));
}

Tensor Tensor::masked_scatter(const Tensor& mask, const Tensor& source) const {
  auto out = clone();
  const auto from = source.contiguous();
  const auto chosen = mask.expand(sizes()).contiguous();
  const bool* is_chosen = chosen.data_ptr<bool>();
  with_type(dtype(), [&](auto zero) {
    using T = decltype(zero);
    const T* next = from.template data_ptr<T>();
    for (int64_t i = 0; i < out.numel(); ++i)
      if (is_chosen[i]) out.template data_ptr<T>()[i] = *next++;
  });
  return out;
}

Tensor cat(const std::vector<Tensor>& parts, int64_t dimension) {
  if (parts.empty()) fail("nothing to put together");
  const auto d = dimension_of(dimension, parts.front().dim());
  Extents sizes(parts.front().sizes());
  sizes[d] = 0;
  for (const auto& part : parts) sizes[d] += part.size(dimension);
  auto out = empty(sizes.ref(), parts.front().options());
  int64_t begin = 0;
  for (const auto& part : parts) {
    out.narrow(dimension, begin, part.size(dimension)).copy_(part);
    begin += part.size(dimension);
  }
  return out;
}

Tensor stack(const std::vector<Tensor>& parts, int64_t dimension) {
  std::vector<Tensor> rows;
  for (const auto& part : parts) rows.push_back(part.unsqueeze(dimension));
  return cat(rows, dimension);
}

Tensor constant_pad_nd(const Tensor& x, IntArrayRef padding, Scalar value) {
  Extents sizes(x.sizes());
  auto inner = x;
  for (std::size_t k = 0; 2 * k < padding.size(); ++k)
    sizes[sizes.count - 1 - k] += padding[2 * k] + padding[2 * k + 1];
  auto out = full(sizes.ref(), value, x.options());
  auto place = out;
  for (std::size_t k = 0; 2 * k < padding.size(); ++k) {
    const auto d = static_cast<int64_t>(sizes.count - 1 - k);
    const int64_t before = padding[2 * k], behind = padding[2 * k + 1];
    inner = inner.narrow(d, std::max<int64_t>(0, -before),
                         x.size(d) + std::min<int64_t>(0, before) + std::min<int64_t>(0, behind));
    place = place.narrow(d, std::max<int64_t>(0, before), inner.size(d));
  }
  place.copy_(inner);
  return out;
}

Tensor one_hot(const Tensor& index, int64_t classes) {
  Extents sizes(index.sizes());
  sizes.insert(sizes.count, classes);
  auto out = zeros(sizes.ref(), kInt64);
  return out.scatter_(-1, index.unsqueeze(-1), 1);
}

Tensor embedding(const Tensor& matrix, const Tensor& index) {
  Extents sizes(index.sizes());
  sizes.insert(sizes.count, matrix.size(1));
  return matrix.index_select(0, index.contiguous().flatten()).view(sizes.ref());
}

}  // namespace weft::tensors

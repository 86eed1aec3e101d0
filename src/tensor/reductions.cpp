// What goes over a dimension.

#include <cmath>
#include <limits>
#include <numeric>

#include "kernels/vector_math.h"
#include "tensor/strides.h"

namespace weft::tensors {
namespace {

/// Calls of_row(to, from, count, step) for each run of elements along the dimension, `step` apart,
/// and for the element of the result that it gives.
template <class Out, class T, class OfRow>
Tensor reduced(const Tensor& x, int64_t dimension, bool keeps, const OfRow& of_row) {
  const auto d = dimension_of(dimension, x.dim());
  const auto rows = moved_last(x, d);
  Extents sizes(x.sizes());
  sizes.erase(d);
  auto out = empty(sizes.ref(), type_of<Out>());
  Extents strides(rows.strides());
  const int64_t step = last_of(strides), count = rows.size(-1);
  strides.erase(strides.count - 1);
  const Extents to(out.strides());
  for_each_row<2>(sizes, {to, strides}, [&](const auto& offsets, int64_t outputs) {
    for (int64_t i = 0; i < outputs; ++i)
      of_row(out.template data_ptr<Out>()[offsets[0] + i],
             x.data_ptr<T>() + offsets[1] + i * last_of(strides), count, step);
  });
  return keeps ? out.unsqueeze(static_cast<int64_t>(d)) : out;
}

/// Runs along the dimension of a float32 tensor to runs of the same length: of_row(to, from,
/// count).
template <class OfRow>
Tensor each_run(const Tensor& x, int64_t dimension, const OfRow& of_row) {
  const auto d = dimension_of(dimension, x.dim());
  const auto rows = moved_last(x, d).contiguous();
  const auto out = empty_like(rows);
  const int64_t count = rows.size(-1);
  for (int64_t begin = 0; begin < rows.numel(); begin += count)
    of_row(out.data_ptr<float>() + begin, rows.data_ptr<float>() + begin, count);
  Extents back;  // the last dimension to its place
  for (int64_t k = 0; k < x.dim(); ++k) back.insert(back.count, k);
  back.erase(back.count - 1);
  back.insert(d, x.dim() - 1);
  return out.permute(back.ref()).contiguous();
}

template <class T>
T largest_of(const T* x, int64_t count, int64_t step) {
  T largest = -std::numeric_limits<T>::infinity();
  for (int64_t i = 0; i < count; ++i) {
    const T value = x[i * step];
    if (value > largest || std::isnan(value)) largest = value;
  }
  return largest;
}

/// log Σ e^x
float log_sum(const float* x, int64_t count) {
  const float largest = kernels::vector_max(x, count);
  const float shift = std::isinf(largest) ? 0 : largest;
  return std::log(kernels::sum_of_exponentials(x, shift, count)) + shift;
}

/// Indices of the first `kept` elements of a run in their order.
template <class T>
std::vector<int64_t> order_of(const T* x, int64_t count, int64_t kept, bool falling) {
  std::vector<int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  const auto is_before = [&](T first, T second) {
    return first > second || (std::isnan(first) && !std::isnan(second));
  };
  std::partial_sort(order.begin(), order.begin() + kept, order.end(), [&](int64_t a, int64_t b) {
    const T first = x[falling ? a : b], second = x[falling ? b : a];
    if (is_before(first, second)) return true;
    return !is_before(second, first) && a < b;
  });
  return order;
}

/// The first `count` of each run in their order along the last dimension.
std::tuple<Tensor, Tensor> ordered(const Tensor& x, int64_t dimension, int64_t count,
                                   bool falling) {
  if (dimension_of(dimension, x.dim()) + 1 != x.sizes().size())
    fail("only the last dimension can be sorted");
  const auto rows = x.contiguous();
  const int64_t width = rows.size(-1);
  Extents sizes(x.sizes());
  sizes[sizes.count - 1] = count;
  auto values = empty(sizes.ref(), x.options());
  auto places = empty(sizes.ref(), kInt64);
  with_floating(x.dtype(), [&](auto zero) {
    using T = decltype(zero);
    T* value = values.template data_ptr<T>();
    auto* place = places.template data_ptr<int64_t>();
    for (int64_t begin = 0; begin < rows.numel(); begin += width) {
      const T* row = rows.template data_ptr<T>() + begin;
      const auto order = order_of(row, width, count, falling);
      for (int64_t k = 0; k < count; ++k) {
        *place = order[static_cast<std::size_t>(k)];
        *value++ = row[*place++];
      }
    }
  });
  return {values, places};
}

}  // namespace

Tensor Tensor::sum(int64_t dimension, bool keeps) const {
  return with_type(dtype(), [&](auto zero) {
    using T = decltype(zero);
    using Sum = std::conditional_t<std::is_floating_point_v<T>, double, int64_t>;
    using Out = std::conditional_t<std::is_floating_point_v<T>, T, int64_t>;
    return reduced<Out, T>(*this, dimension, keeps,
                           [](Out& out, const T* x, int64_t count, int64_t step) {
                             Sum sum = 0;
                             for (int64_t i = 0; i < count; ++i) sum += x[i * step];
                             out = static_cast<Out>(sum);
                           });
  });
}

Tensor Tensor::sum() const { return flatten().sum(0); }

Tensor Tensor::mean(int64_t dimension, bool keeps) const {
  return sum(dimension, keeps) / size(dimension);
}

Tensor Tensor::amax(int64_t dimension, bool keeps) const {
  return with_floating(dtype(), [&](auto zero) {
    using T = decltype(zero);
    return reduced<T, T>(
        *this, dimension, keeps,
        [](T& out, const T* x, int64_t count, int64_t step) { out = largest_of(x, count, step); });
  });
}

Tensor Tensor::argmax(int64_t dimension, bool keeps) const {
  return with_floating(dtype(), [&](auto zero) {
    using T = decltype(zero);
    return reduced<int64_t, T>(
        *this, dimension, keeps, [](int64_t& out, const T* x, int64_t count, int64_t step) {
          const T largest = largest_of(x, count, step);
          out = 0;
          while (out + 1 < count && !(x[out * step] == largest) && !std::isnan(x[out * step]))
            ++out;
        });
  });
}

Tensor Tensor::cumsum(int64_t dimension) const {
  return each_run(*this, dimension, [](float* to, const float* from, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; ++i) {
      sum += static_cast<double>(from[i]);
      to[i] = static_cast<float>(sum);
    }
  });
}

std::tuple<Tensor, Tensor> Tensor::sort(int64_t dimension, bool falling) const {
  return ordered(*this, dimension, size(dimension), falling);
}

std::tuple<Tensor, Tensor> Tensor::topk(int64_t count, int64_t dimension) const {
  return ordered(*this, dimension, count, /*falling=*/true);
}

Tensor softmax(const Tensor& x, int64_t dimension) {
  return each_run(x, dimension, [](float* to, const float* from, int64_t count) {
    const float largest = largest_of(from, count, 1);
    double sum = 0;
    for (int64_t i = 0; i < count; ++i) {
      to[i] = std::exp(from[i] - largest);
      sum += static_cast<double>(to[i]);
    }
    for (int64_t i = 0; i < count; ++i)
      to[i] = static_cast<float>(static_cast<double>(to[i]) / sum);
  });
}

Tensor log_softmax(const Tensor& x, int64_t dimension) {
  return each_run(x, dimension, [](float* to, const float* from, int64_t count) {
    const float normalizer = log_sum(from, count);
    for (int64_t i = 0; i < count; ++i) to[i] = from[i] - normalizer;
  });
}

Tensor logsumexp(const Tensor& x, int64_t dimension) {
  // Few large parts, such as the logits of an ensemble's models, are joined block by block.
  constexpr int64_t kBlock = 1024;
  std::vector<Tensor> parts;
  for (const auto& part : x.unbind(dimension)) parts.push_back(part.contiguous());
  const auto out = empty_like(parts.front());
  float shift[kBlock], term[kBlock];
  for (int64_t begin = 0; begin < out.numel(); begin += kBlock) {
    const int64_t count = std::min(kBlock, out.numel() - begin);
    std::fill_n(shift, count, -std::numeric_limits<float>::infinity());
    for (const auto& part : parts) {
      const float* from = part.data_ptr<float>() + begin;
      for (int64_t i = 0; i < count; ++i) shift[i] = from[i] > shift[i] ? from[i] : shift[i];
    }
    for (int64_t i = 0; i < count; ++i) shift[i] = std::isinf(shift[i]) ? 0 : shift[i];
    float* sum = out.data_ptr<float>() + begin;
    std::fill_n(sum, count, 0.0F);
    for (const auto& part : parts) {
      const float* from = part.data_ptr<float>() + begin;
      for (int64_t i = 0; i < count; ++i) term[i] = from[i] - shift[i];
      kernels::vector_exp(term, term, count);
      for (int64_t i = 0; i < count; ++i) sum[i] += term[i];
    }
    for (int64_t i = 0; i < count; ++i) sum[i] = std::log(sum[i]) + shift[i];
  }
  return out;
}

Tensor layer_norm(const Tensor& x, IntArrayRef width, const Tensor& gain, const Tensor& bias,
                  double epsilon) {
  if (width.size() != 1 || width[0] != x.size(-1)) fail("layer_norm: ", width, " of ", x.sizes());
  const auto normalized = each_run(x, -1, [&](float* to, const float* from, int64_t count) {
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < count; ++i) sum += static_cast<double>(from[i]);
    const double mean = sum / static_cast<double>(count);
    for (int64_t i = 0; i < count; ++i) squares += std::pow(static_cast<double>(from[i]) - mean, 2);
    const double scale = 1 / std::sqrt(squares / static_cast<double>(count) + epsilon);
    for (int64_t i = 0; i < count; ++i)
      to[i] = static_cast<float>((static_cast<double>(from[i]) - mean) * scale);
  });
  return normalized * gain + bias;
}

}  // namespace weft::tensors

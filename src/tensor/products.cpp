// Products of matrices that are not packed: those of attention that has no kernel.

#include "base/vector_clones.h"
#include "tensor/strides.h"

namespace weft::tensors {
namespace {

/// y [columns] = Σ_k x_k W_k of rows W_k [columns], `step` floats apart.
WEFT_VECTOR_CLONES void sum_rows(const float* x, const float* w, int64_t rows, int64_t step,
                                 int64_t columns, float* y) {
  for (int64_t i = 0; i < columns; ++i) y[i] = 0;
  for (int64_t k = 0; k < rows; ++k)
    for (int64_t i = 0; i < columns; ++i) y[i] += x[k] * w[k * step + i];
}

WEFT_VECTOR_CLONES float dot(const float* x, const float* y, int64_t count) {
  constexpr int64_t kLanes = 16;
  float lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (int64_t k = 0; k < kLanes; ++k) lanes[k] += x[i + k] * y[i + k];
  float sum = 0;
  for (const float lane : lanes) sum += lane;
  for (; i < count; ++i) sum += x[i] * y[i];
  return sum;
}

/// out [N, M] = a [N, K] b [K, M], of which one index of b runs without gaps.
void multiply(const Tensor& a, const Tensor& b, float* out) {
  const int64_t rows = a.size(0), depth = a.size(1), columns = b.size(1);
  const float *x = a.data_ptr<float>(), *w = b.data_ptr<float>();
  const int64_t down = b.strides()[0], across = b.strides()[1];
  for (int64_t n = 0; n < rows; ++n, x += depth, out += columns) {
    if (across == 1) {
      sum_rows(x, w, depth, down, columns, out);
    } else {
      for (int64_t i = 0; i < columns; ++i) out[i] = dot(x, w + i * across, depth);
    }
  }
}

bool has_dense_rows(const Tensor& matrix) {
  return matrix.strides()[1] == 1 || matrix.strides()[0] == 1;
}

}  // namespace

Tensor bmm(const Tensor& a, const Tensor& b) {
  if (a.dim() != 3 || b.dim() != 3 || a.size(0) != b.size(0) || a.size(2) != b.size(1))
    fail("bmm of ", a.sizes(), " and ", b.sizes());
  auto out = empty({a.size(0), a.size(1), b.size(2)}, a.options());
  const int64_t elements = a.size(1) * b.size(2);
  for (int64_t i = 0; i < a.size(0); ++i) {
    const auto y = b[i];
    multiply(a[i].contiguous(), has_dense_rows(y) ? y : y.contiguous(),
             out.data_ptr<float>() + i * elements);
  }
  return out;
}

Tensor Tensor::matmul(const Tensor& other) const {
  if (other.dim() == 1) return matmul(other.unsqueeze(1)).squeeze(-1);
  if (other.dim() == 2) {
    Extents sizes(this->sizes());
    sizes[sizes.count - 1] = other.size(1);
    const auto rows = reshape({1, -1, size(-1)});
    return bmm(rows, other.unsqueeze(0)).view(sizes.ref());
  }
  if (dim() != 4 || other.dim() != 4) fail("matmul of ", this->sizes(), " and ", other.sizes());
  const auto product = bmm(flatten(0, 1), other.flatten(0, 1));
  return product.unflatten(0, {size(0), size(1)});
}

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const auto product = x.matmul(weight.t());
  return bias.defined() ? product + bias : product;
}

}  // namespace weft::tensors

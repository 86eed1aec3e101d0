// Products by LibTorch, where there is no oneDNN beside it.

#include <torch/torch.h>

#include "kernels/matmul.h"
#include "kernels/product_backend.h"
#include "kernels/quantized_product.h"
#include "kernels/vector_math.h"

namespace weft::kernels {
namespace {

torch::Tensor rounded(const torch::Tensor& x) { return x.to(torch::kBFloat16).to(torch::kFloat32); }

// out (+)= a b, with no gradient recorded; `out` is memory of the caller.
void product(const torch::Tensor& a, const torch::Tensor& b, float* out, Write write) {
  torch::Tensor result = torch::from_blob(out, {a.size(0), b.size(1)});
  if (write == Write::kAdd) {
    result.addmm_(a, b);
  } else {
    torch::mm_out(result, a, b);
  }
}

template <typename T>
torch::Tensor view(const T* data, torch::IntArrayRef sizes, torch::IntArrayRef strides,
                   torch::ScalarType type) {
  return torch::from_blob(const_cast<T*>(data), sizes, strides, torch::TensorOptions().dtype(type));
}

template <typename Element>
void run_transposed(const TransposedProduct<Element>& p, torch::ScalarType type) {
  const torch::NoGradGuard no_gradient;
  const auto a = view(p.output_gradient, {p.outputs, p.rows}, {1, p.output_stride}, type);
  const auto b = view(p.input, {p.rows, p.inputs}, {p.inputs, 1}, type);
  product(a.to(torch::kFloat32), b.to(torch::kFloat32), p.result, p.write);
}

// Sums of products of 8-bit integers, exact in float64.
void integer_product(const uint8_t* input, MatrixSize size, const QuantizedWeight& weight,
                     int32_t* sums) {
  const torch::NoGradGuard no_gradient;
  const auto outputs = static_cast<int64_t>(weight.scales.size());
  const auto x = view(input, {size.rows, size.columns}, {size.columns, 1}, torch::kUInt8);
  const auto y =
      view(weight.values.data(), {size.columns, outputs}, {1, size.columns}, torch::kInt8);
  auto out = view(sums, {size.rows, outputs}, {outputs, 1}, torch::kInt32);
  out.copy_(torch::mm(x.to(torch::kFloat64), y.to(torch::kFloat64)));
}

}  // namespace

struct PackedWeight::Matrix {
  torch::Tensor values;       // [inputs, outputs]
  QuantizedWeight quantized;  // kInt8
};

bool has_packed_products() { return false; }

bool has_products_in(Precision precision) { return precision == Precision::kFloat32; }

PackedWeight::PackedWeight(const torch::Tensor& weight, WeightUse use, Precision precision)
    : precision_(precision) {
  TORCH_CHECK(
      weight.dim() == 2 && weight.scalar_type() == torch::kFloat32 && weight.device().is_cpu(),
      "PackedWeight: expected a float32 matrix on the CPU");
  const torch::NoGradGuard no_gradient;
  const bool forward = use == WeightUse::kForward;
  torch::Tensor values = forward ? weight.t().clone() : weight.clone();
  if (precision == Precision::kBfloat16) values = rounded(values);
  inputs_ = values.size(0);
  outputs_ = values.size(1);
  QuantizedWeight quantized;
  if (precision == Precision::kInt8) {
    TORCH_CHECK(forward, "PackedWeight: int8 has no gradients");
    quantized = quantize_weight(weight.contiguous().data_ptr<float>(), outputs_, inputs_);
  }
  matrix_ = std::make_shared<const Matrix>(Matrix{values, std::move(quantized)});
}

void PackedWeight::multiply(const float* x, int64_t rows, float* out, Write write) const {
  const torch::NoGradGuard no_gradient;
  if (precision_ == Precision::kInt8) {
    const MatrixSize size{rows, inputs_};
    multiply_integers(x, size, matrix_->quantized, out, write,
                      [&](const uint8_t* input, int32_t* sums) {
                        integer_product(input, size, matrix_->quantized, sums);
                      });
    return;
  }
  torch::Tensor input = view(x, {rows, inputs_}, {inputs_, 1}, torch::kFloat32);
  if (precision_ == Precision::kBfloat16) input = rounded(input);
  product(input, matrix_->values, out, write);
}

void multiply_transposed(const TransposedProduct<float>& product) {
  run_transposed(product, torch::kFloat32);
}

void multiply_transposed(const TransposedProduct<Bfloat16>& product) {
  run_transposed(product, torch::kBFloat16);
}

}  // namespace weft::kernels

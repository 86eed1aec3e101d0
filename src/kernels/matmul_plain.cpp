// A build without oneDNN: weights are packed by Weft, gradients of weights are LibTorch's.

#include <torch/types.h>
#include <torch/utils.h>

#include "kernels/matmul.h"
#include "kernels/product_backend.h"

namespace weft::kernels {
namespace {

torch::Tensor view(const float* data, torch::IntArrayRef sizes, torch::IntArrayRef strides) {
  return torch::from_blob(const_cast<float*>(data), sizes, strides, torch::kFloat32);
}

}  // namespace

const char* library_name() { return "LibTorch"; }

bool library_packs_in(Precision) { return false; }

std::shared_ptr<const PackedMatrix> pack_by_library(const MatrixView&, Precision) {
  return nullptr;
}

void multiply_transposed(const TransposedProduct<float>& p) {
  const torch::NoGradGuard no_gradient;
  const torch::Tensor a = view(p.output_gradient, {p.outputs, p.rows}, {1, p.output_stride});
  const torch::Tensor b = view(p.input, {p.rows, p.inputs}, {p.inputs, 1});
  torch::Tensor result = torch::from_blob(p.result, {p.outputs, p.inputs});
  if (p.write == Write::kAdd) {
    result.addmm_(a, b);
  } else {
    torch::mm_out(result, a, b);
  }
}

void multiply_transposed(const TransposedProduct<uint16_t>&) {
  TORCH_CHECK(false, "no products in bfloat16 without oneDNN");
}

}  // namespace weft::kernels

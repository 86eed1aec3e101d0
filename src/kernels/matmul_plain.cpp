// A build without oneDNN: all products are Weft's.

#include <torch/types.h>

#include "kernels/product_backend.h"

namespace weft::kernels {

const char* library_name() { return "Weft"; }

bool library_packs_in(Precision) { return false; }

std::shared_ptr<const PackedMatrix> pack_by_library(const MatrixView&, Precision) {
  return nullptr;
}

void multiply_transposed(const TransposedProduct<float>&) {
  TORCH_CHECK(false, "no products without oneDNN");
}

void multiply_transposed(const TransposedProduct<uint16_t>&) {
  TORCH_CHECK(false, "no products without oneDNN");
}

}  // namespace weft::kernels

#pragma once
// The one product a library must provide besides PackedWeight's: matmul_onednn.cpp and
// matmul_plain.cpp implement both, and CMake chooses between the files.

#include <cstdint>

#include "kernels/matmul.h"

namespace weft::kernels {

/// A block of dW = dY^T X, on the calling thread. Element is float or Bfloat16.
template <typename Element>
struct TransposedProduct {
  const Element* output_gradient;  ///< [rows, outputs], rows `output_stride` elements apart
  int64_t output_stride;
  const Element* input;  ///< [rows, inputs]
  int64_t rows;
  int64_t outputs;
  int64_t inputs;
  float* result;  ///< [outputs, inputs]
  Write write;
};

void multiply_transposed(const TransposedProduct<float>& product);
void multiply_transposed(const TransposedProduct<uint16_t>& product);

}  // namespace weft::kernels

#pragma once
// What a library of products provides: matmul_onednn.cpp and matmul_plain.cpp (for a build without
// oneDNN) implement it, and CMake chooses between the files.

#include <cstdint>
#include <memory>

#include "kernels/matmul.h"

namespace weft::kernels {

/// A weight as whoever multiplies with it has packed it.
class PackedMatrix {
 public:
  PackedMatrix() = default;
  PackedMatrix(const PackedMatrix&) = delete;
  PackedMatrix& operator=(const PackedMatrix&) = delete;
  virtual ~PackedMatrix() = default;
  /// As PackedWeight::multiply().
  virtual void multiply(const float* x, int64_t rows, float* out, Write write) const = 0;
};

const char* library_name();

/// True where the library has fast products with packed weights whose rows are independent.
bool library_packs_in(Precision precision);

/// y packed by the library, or null where it has no fast products in this precision, or none whose
/// rows are independent. int8 takes y by columns alone (row_stride 1).
std::shared_ptr<const PackedMatrix> pack_by_library(const MatrixView& y, Precision precision);

/// A block of dW = dY^T X, on the calling thread, where library_packs_in() the precision. Element
/// is float or Bfloat16.
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

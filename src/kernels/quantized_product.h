#pragma once
// x W^T through 8-bit integers, whoever multiplies these.

#include <cstdint>
#include <functional>
#include <vector>

#include "kernels/matmul.h"

namespace weft::kernels {

/// A weight W [O, I] in 8 bits: W_oi ≈ scales[o] values[o, i].
struct QuantizedWeight {
  std::vector<int8_t> values;    ///< [O, I]
  std::vector<float> scales;     ///< [O]
  std::vector<int32_t> offsets;  ///< [O], see IntegerProductRow
};
QuantizedWeight quantize_weight(const float* weight, int64_t outputs, int64_t inputs);

struct MatrixSize {
  int64_t rows;
  int64_t columns;
};

/// input [rows, I], sums [rows, O]: the product of integers
using IntegerProduct = std::function<void(const uint8_t* input, int32_t* sums)>;

/// out [rows, O] (+)= x W^T. `size` is that of x. On the calling thread.
void multiply_integers(const float* x, MatrixSize size, const QuantizedWeight& weight, float* out,
                       Write write, const IntegerProduct& product);

}  // namespace weft::kernels

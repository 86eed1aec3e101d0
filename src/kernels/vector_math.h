#pragma once
// Functions over whole arrays, as vector code. Input and output may be the same array.

#include <cstddef>
#include <cstdint>

namespace weft::kernels {

/// Within 3 units in the last place (scalar_math.h has the limits); NaN gives NaN.
void vector_exp(const float* x, float* y, int64_t count);
void vector_sigmoid(const float* x, float* y, int64_t count);
void vector_tanh(const float* x, float* y, int64_t count);

/// The largest of x, or -inf; NaNs are passed over.
float vector_max(const float* x, int64_t count);

/// Σ e^(x - shift)
float sum_of_exponentials(const float* x, float shift, int64_t count);

/// The upper half of a float: 8 bits of exponent, 7 of mantissa.
using Bfloat16 = uint16_t;

/// Rounds to nearest, ties to even. A NaN stays one.
void to_bfloat16(const float* x, Bfloat16* y, int64_t count);

/// y += x
void add_to(const float* x, float* y, int64_t count);

}  // namespace weft::kernels

#include "kernels/vector_math.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "base/vector_clones.h"
#include "kernels/scalar_math.h"

namespace weft::kernels {

WEFT_VECTOR_CLONES
void vector_exp(const float* x, float* y, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) y[i] = fast_exp(x[i]);
}

WEFT_VECTOR_CLONES
void vector_sigmoid(const float* x, float* y, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) y[i] = fast_sigmoid(x[i]);
}

WEFT_VECTOR_CLONES
void vector_tanh(const float* x, float* y, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) y[i] = fast_tanh(x[i]);
}

WEFT_VECTOR_CLONES
void to_bfloat16(const float* x, Bfloat16* y, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const auto bits = std::bit_cast<uint32_t>(x[i]);
    const uint32_t rounded = bits + 0x7fffU + ((bits >> 16) & 1U);
    const uint32_t quiet_nan = bits | 0x400000U;  // rounding would carry a NaN over to infinity
    const bool is_nan = (bits & 0x7fffffffU) > 0x7f800000U;
    y[i] = static_cast<Bfloat16>((is_nan ? quiet_nan : rounded) >> 16);
  }
}

WEFT_VECTOR_CLONES
void add_to(const float* x, float* y, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) y[i] += x[i];
}

WEFT_VECTOR_CLONES
float vector_max(const float* x, int64_t count) {
  int32_t largest = order_key(-std::numeric_limits<float>::infinity());
#pragma omp simd reduction(max : largest)
  for (int64_t i = 0; i < count; ++i) largest = std::max(largest, order_key(x[i]));
  return float_of_key(largest);
}

WEFT_VECTOR_CLONES
float sum_of_exponentials(const float* x, float shift, int64_t count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < count; ++i) {
    const float difference = x[i] - shift;
    sum += difference == difference ? fast_exp(difference) : difference;  // fast_exp knows no NaN
  }
  return sum;
}

}  // namespace weft::kernels

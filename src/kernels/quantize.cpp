#include "kernels/quantize.h"

#include <algorithm>
#include <cmath>

#include "base/vector_clones.h"
#include "kernels/scalar_math.h"

namespace weft::kernels {
namespace {

constexpr float kLevels = 127.0F;
constexpr float kLevelsOf7Bits = 63.0F;
constexpr float kRound = 12582912.0F;  // 1.5 * 2^23: adding and subtracting it rounds to an integer

WEFT_VECTOR_CLONES
float largest_magnitude(const float* x, int64_t count) {
  int32_t largest = 0;
#pragma omp simd reduction(max : largest)
  for (int64_t i = 0; i < count; ++i) largest = std::max(largest, order_key(std::fabs(x[i])));
  return float_of_key(largest);
}

// 0, or NaN if a number is not finite.
WEFT_VECTOR_CLONES
float sum_of_zeros(const float* x, int64_t count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < count; ++i) sum += x[i] * 0.0F;
  return sum;
}

WEFT_VECTOR_CLONES
void round_scaled(const float* x, float factor, int32_t offset, uint8_t* q, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float rounded = (x[i] * factor + kRound) - kRound;
    q[i] = static_cast<uint8_t>(static_cast<int32_t>(rounded) + offset);
  }
}

struct Scale {
  float of_one;  // s
  float factor;  // 1 / s
};

Scale scale_of(const float* x, float levels, int64_t count) {
  const float largest = largest_magnitude(x, count);
  // A row of zeros, or of numbers too small to divide by, is zeros.
  if (!(largest > 1e-30F)) return {0, 0};
  return {largest / levels, levels / largest};
}

float quantize_row(const float* x, float levels, int32_t offset, uint8_t* q, int64_t count) {
  const float zero = sum_of_zeros(x, count);
  if (std::isnan(zero)) {  // no integer tells so, but the scale can
    std::fill_n(q, count, static_cast<uint8_t>(offset));
    return zero;
  }
  const Scale scale = scale_of(x, levels, count);
  round_scaled(x, scale.factor, offset, q, count);
  return scale.of_one;
}

}  // namespace

float quantize_input_row(const float* x, uint8_t* q, int64_t count) {
  return quantize_row(x, kLevels, kInputOffset, q, count);
}

float quantize_signed_row(const float* x, int8_t* q, int64_t count) {
  // Two's complement: the same bits.
  return quantize_row(x, kLevels, 0, reinterpret_cast<uint8_t*>(q), count);
}

float quantize_to_7_bits(const float* x, uint8_t* q, int64_t count) {
  return quantize_row(x, kLevelsOf7Bits, kWeightOffset, q, count);
}

WEFT_VECTOR_CLONES
void dequantize_row(const IntegerProductRow& row, float* out) {
  const IntegerProductRow r = row;  // a copy: stores cannot change it
#pragma omp simd
  for (int64_t o = 0; o < r.outputs; ++o) {
    out[o] = static_cast<float>(r.sums[o] - r.offsets[o]) * (r.input_scale * r.weight_scales[o]);
  }
}

WEFT_VECTOR_CLONES
void dequantize_and_add_row(const IntegerProductRow& row, float* out) {
  const IntegerProductRow r = row;
#pragma omp simd
  for (int64_t o = 0; o < r.outputs; ++o) {
    out[o] += static_cast<float>(r.sums[o] - r.offsets[o]) * (r.input_scale * r.weight_scales[o]);
  }
}

}  // namespace weft::kernels

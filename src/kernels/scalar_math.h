#pragma once
// exp, tanh and sigmoid of one float without branches or calls, so that a loop over them becomes
// vector code. Within 3 units in the last place of the exact value; NaN gives NaN.

#include <bit>
#include <cstdint>

namespace weft::kernels {

/// Integers in the order of the floats, so that the largest can be sought in vector code: a maximum
/// of floats, for which every NaN is an exception, is not always turned into one.
[[gnu::always_inline]] inline int32_t order_key(float x) {
  const auto bits = std::bit_cast<int32_t>(x);
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

/// The float of an order_key().
[[gnu::always_inline]] inline float float_of_key(int32_t key) {
  return std::bit_cast<float>(key ^ ((key >> 31) & 0x7fffffff));
}

/// x = n ln 2 + r with |r| <= ln 2 / 2.
struct ReducedExponent {
  int32_t n;
  float expm1_r;  ///< e^r - 1
};

[[gnu::always_inline]] inline float clamp_float(float x, float low, float high) {
  x = x < low ? low : x;  // a NaN passes through both
  return x > high ? high : x;
}

[[gnu::always_inline]] inline ReducedExponent reduce_exponent(float x) {
  constexpr float kInverseLn2 = 1.44269504F;
  constexpr float kLn2High = 0.69140625F;  // few bits: n times it is exact
  constexpr float kLn2Low = 0.00174093056F;
  constexpr float kRound =
      12582912.0F;  // 1.5 * 2^23: adding it rounds to an integer in the low bits
  const float rounded = x * kInverseLn2 + kRound;
  const float n = rounded - kRound;
  const float r = (x - n * kLn2High) - n * kLn2Low;
  // (e^r - 1 - r) / r^2 interpolated at Chebyshev nodes: relative error 2.5e-8.
  float q = 0.00139262034F;
  q = q * r + 0.00836319488F;
  q = q * r + 0.0416665545F;
  q = q * r + 0.166665769F;
  q = q * r + 0.5F;
  return {std::bit_cast<int32_t>(rounded) - std::bit_cast<int32_t>(kRound), r + r * r * q};
}

/// 2^n for n in [-126, 127].
[[gnu::always_inline]] inline float power_of_two(int32_t n) {
  return std::bit_cast<float>((n + 127) << 23);
}

/// e^x: 0 far below, infinity above 88.72.
[[gnu::always_inline]] inline float fast_exp(float x) {
  const ReducedExponent e = reduce_exponent(clamp_float(x, -104.0F, 89.0F));
  const int32_t half = e.n >> 1;  // in two factors: 2^n itself may not be a normal float
  return (1.0F + e.expm1_r) * power_of_two(half) * power_of_two(e.n - half);
}

/// 1 / (1 + e^-x); where the exact value is below 1.6e-38 it is 1.6e-38.
[[gnu::always_inline]] inline float fast_sigmoid(float x) {
  const ReducedExponent e = reduce_exponent(clamp_float(-x, -87.0F, 87.0F));
  const float scale = power_of_two(e.n);
  return 1.0F / (1.0F + (scale + scale * e.expm1_r));
}

/// tanh x = (e^2x - 1) / (e^2x + 1), from e^2x - 1 so that nothing cancels near 0.
[[gnu::always_inline]] inline float fast_tanh(float x) {
  const ReducedExponent e = reduce_exponent(clamp_float(2.0F * x, -40.0F, 40.0F));
  const float scale = power_of_two(e.n);
  const float m = scale * e.expm1_r + (scale - 1.0F);
  return m / (m + 2.0F);
}

}  // namespace weft::kernels

#include "media/half.h"

#include <bit>

namespace weft {

// binary16: sign, 5 bits of exponent (bias 15), 10 of fraction. binary32: 8 (bias 127), 23.
float half_to_float(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000U) << 16;
  const uint32_t exponent = (half >> 10) & 0x1FU;
  const uint32_t fraction = half & 0x3FFU;
  if (exponent == 0) {  // zero and what is below the normal numbers: fraction * 2^-24
    const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
    return sign != 0 ? -magnitude : magnitude;
  }
  const uint32_t wide_exponent = exponent == 0x1F ? 0xFFU : exponent + (127 - 15);
  return std::bit_cast<float>(sign | wide_exponent << 23 | fraction << 13);
}

uint16_t float_to_half(float number) {
  const auto bits = std::bit_cast<uint32_t>(number);
  const auto sign = static_cast<uint16_t>((bits >> 16) & 0x8000U);
  uint32_t magnitude = bits & 0x7FFFFFFFU;
  constexpr uint32_t kInfinity = 0x7F800000U;
  if (magnitude > kInfinity) return static_cast<uint16_t>(sign | 0x7E00U);
  constexpr uint32_t kSmallestNormal = 0x38800000U;  // 2^-14
  if (magnitude < kSmallestNormal) {
    // Adding 0.5 puts the last bit that binary16 keeps (2^-24) at the end of the sum's fraction,
    // and the addition rounds as it should.
    const auto sum = std::bit_cast<uint32_t>(std::bit_cast<float>(magnitude) + 0.5F);
    return static_cast<uint16_t>(sign | (sum - std::bit_cast<uint32_t>(0.5F)));
  }
  magnitude += 0xFFFU + ((magnitude >> 13) & 1U);  // to the nearest, ties to even
  constexpr uint32_t kTooLarge = 0x47800000U;      // 2^16
  if (magnitude >= kTooLarge) return static_cast<uint16_t>(sign | 0x7C00U);
  return static_cast<uint16_t>(sign | ((magnitude - ((127U - 15U) << 23)) >> 13));
}

}  // namespace weft

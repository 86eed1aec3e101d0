#include "media/half.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <random>

namespace weft {
namespace {

/// By the definition of binary16.
double value_of(uint16_t half) {
  const int sign = half >> 15, exponent = (half >> 10) & 31, fraction = half & 1023;
  const double magnitude =
      exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return sign != 0 ? -magnitude : magnitude;
}

TEST(Half, IsReadAsDefined) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float read = half_to_float(half);
    if ((half & 0x7C00) != 0x7C00) {
      ASSERT_EQ(read, value_of(half)) << bits;
      ASSERT_EQ(std::signbit(read), bits >= 0x8000) << bits;
    } else if ((half & 0x3FF) == 0) {
      ASSERT_EQ(read, bits >= 0x8000 ? -INFINITY : INFINITY);
    } else {
      ASSERT_TRUE(std::isnan(read)) << bits;
    }
  }
}

TEST(Half, IsWrittenBackTheSame) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float read = half_to_float(half);
    if (std::isnan(read)) continue;
    ASSERT_EQ(float_to_half(read), half) << bits;
  }
  EXPECT_TRUE(std::isnan(half_to_float(float_to_half(NAN))));
}

TEST(Half, IsTheNearest) {
  std::mt19937 generator(3);
  for (int i = 0; i < 200'000; ++i) {
    const auto exponent = static_cast<int>(generator() % 44) - 28;
    const float number = std::ldexp(static_cast<float>(generator() % 100'000) / 1e5F, exponent);
    const uint16_t half = float_to_half(number);
    if (half == 0x7C00) {
      ASSERT_GE(number, 65520.0F);  // halfway between the largest and the next that there would be
      continue;
    }
    const double distance = std::abs(value_of(half) - number);
    if (half > 0) {
      ASSERT_LE(distance, std::abs(value_of(static_cast<uint16_t>(half - 1)) - number));
    }
    ASSERT_LE(distance, std::abs(value_of(static_cast<uint16_t>(half + 1)) - number));
  }
}

TEST(Half, TakesTheEvenOfTwoEquallyNear) {
  EXPECT_EQ(float_to_half(1.0F + 0x1p-11F), 0x3C00);
  EXPECT_EQ(float_to_half(1.0F + 3 * 0x1p-11F), 0x3C02);
  EXPECT_EQ(float_to_half(0x1p-25F), 0x0000);
  EXPECT_EQ(float_to_half(3 * 0x1p-25F), 0x0002);
  EXPECT_EQ(float_to_half(65504.0F), 0x7BFF);
  EXPECT_EQ(float_to_half(65520.0F), 0x7C00);
}

}  // namespace
}  // namespace weft

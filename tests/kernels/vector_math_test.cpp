#include "kernels/vector_math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

namespace weft::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

using ArrayFunction = void (*)(const float*, float*, int64_t);

// Units in the last place of float between `value` and `exact`.
double units_apart(float value, double exact) {
  const double unit = std::nextafter(std::abs(static_cast<float>(exact)), kInfinity) -
                      std::abs(static_cast<float>(exact));
  return std::abs(static_cast<double>(value) - exact) / unit;
}

double worst_error(ArrayFunction function, const std::function<double(double)>& exact, float low,
                   float high) {
  std::vector<float> x;
  constexpr int kSteps = 200001;  // odd, so that the vector loop has a tail
  for (int i = 0; i < kSteps; ++i) {
    x.push_back(low + (high - low) * static_cast<float>(i) / static_cast<float>(kSteps - 1));
  }
  std::vector<float> y(x.size());
  function(x.data(), y.data(), static_cast<int64_t>(x.size()));
  double worst = 0;
  for (size_t i = 0; i < x.size(); ++i) worst = std::max(worst, units_apart(y[i], exact(x[i])));
  return worst;
}

float at(ArrayFunction function, float x) {
  function(&x, &x, 1);
  return x;
}

double exact_sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

TEST(VectorMath, ExpIsWithinThreeUnits) {
  const auto exact = [](double x) { return std::exp(x); };
  EXPECT_LE(worst_error(vector_exp, exact, -87.0F, 88.7F), 3);
  EXPECT_LE(worst_error(vector_exp, exact, -1e-3F, 1e-3F), 3);
}

TEST(VectorMath, TanhIsWithinThreeUnitsNearZeroToo) {
  const auto exact = [](double x) { return std::tanh(x); };
  EXPECT_LE(worst_error(vector_tanh, exact, -12.0F, 12.0F), 3);
  EXPECT_LE(worst_error(vector_tanh, exact, -0.5F, 0.5F), 3);
  EXPECT_LE(worst_error(vector_tanh, exact, 1e-20F, 1e-18F), 3);
}

TEST(VectorMath, SigmoidIsWithinThreeUnits) {
  EXPECT_LE(worst_error(vector_sigmoid, exact_sigmoid, -86.0F, 86.0F), 3);
  EXPECT_LE(worst_error(vector_sigmoid, exact_sigmoid, -1.0F, 1.0F), 3);
}

TEST(VectorMath, FarArgumentsSaturate) {
  for (const float x : {100.0F, 1e30F, kInfinity}) {
    EXPECT_EQ(at(vector_exp, x), kInfinity);
    EXPECT_EQ(at(vector_exp, -2 * x), 0.0F);
    EXPECT_EQ(at(vector_tanh, x), 1.0F);
    EXPECT_EQ(at(vector_tanh, -x), -1.0F);
    EXPECT_EQ(at(vector_sigmoid, x), 1.0F);
    EXPECT_NEAR(at(vector_sigmoid, -x), 0.0F, 2e-38F);
  }
  EXPECT_EQ(at(vector_tanh, 0.0F), 0.0F);
}

TEST(VectorMath, NanStaysNan) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(at(vector_exp, nan)));
  EXPECT_TRUE(std::isnan(at(vector_tanh, nan)));
  EXPECT_TRUE(std::isnan(at(vector_sigmoid, nan)));
}

float through_bfloat16(float x) {
  Bfloat16 rounded = 0;
  to_bfloat16(&x, &rounded, 1);
  return std::bit_cast<float>(static_cast<uint32_t>(rounded) << 16);
}

TEST(VectorMath, Bfloat16RoundsToNearestEven) {
  EXPECT_EQ(through_bfloat16(1.0F), 1.0F);
  EXPECT_EQ(through_bfloat16(1.0F + 0x1p-8F), 1.0F);  // a tie, to the even side
  EXPECT_EQ(through_bfloat16(1.0F + 0x1p-7F + 0x1p-8F), 1.0F + 0x1p-6F);
  EXPECT_EQ(through_bfloat16(1.0F + 0x1p-8F + 0x1p-20F), 1.0F + 0x1p-7F);
  EXPECT_EQ(through_bfloat16(-3.0e38F), -0x1.c4p+127F);
  EXPECT_EQ(through_bfloat16(kInfinity), kInfinity);
  EXPECT_TRUE(std::isnan(through_bfloat16(std::bit_cast<float>(0x7f800001U))));
}

}  // namespace
}  // namespace weft::kernels

#include "kernels/quantize.h"

#include <algorithm>

#include "kernels/row_compare.h"

namespace weft::kernels {
namespace {

TEST(Quantize, RoundsToAHundredAndTwentySeventhOfTheLargest) {
  for (const int64_t count : {1, 7, 16, 33, 100}) {
    const Floats x = random_floats(count, 1);
    std::vector<uint8_t> input(x.size());
    std::vector<int8_t> weight(x.size());
    const float scale = quantize_input_row(x.data(), input.data(), count);
    EXPECT_EQ(quantize_signed_row(x.data(), weight.data(), count), scale);
    float largest = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      EXPECT_NEAR(scale * static_cast<float>(weight[i]), x[i], scale * 0.5001F);
      EXPECT_EQ(input[i] - kInputOffset, weight[i]);
      largest = std::max(largest, std::abs(x[i]));
    }
    EXPECT_FLOAT_EQ(scale, largest / 127);
  }
}

TEST(Quantize, RoundsWeightsOf7BitsToASixtyThirdOfTheLargest) {
  const Floats x = random_floats(50, 1);
  std::vector<uint8_t> q(x.size());
  const float scale = quantize_to_7_bits(x.data(), q.data(), 50);
  float largest = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    EXPECT_NEAR(scale * static_cast<float>(q[i] - kWeightOffset), x[i], scale * 0.5001F);
    EXPECT_GE(q[i], 1);
    EXPECT_LE(q[i], 127);
    largest = std::max(largest, std::abs(x[i]));
  }
  EXPECT_FLOAT_EQ(scale, largest / 63);
}

TEST(Quantize, ZerosStayZeros) {
  const Floats x(20, 0.0F);
  std::vector<uint8_t> q(20, 1);
  EXPECT_EQ(quantize_input_row(x.data(), q.data(), 20), 0);
  for (const uint8_t value : q) EXPECT_EQ(value, kInputOffset);
}

// Integers cannot say that a row is no number: its scale does.
TEST(Quantize, ARowThatIsNotFiniteHasAScaleThatIsNone) {
  for (const float bad : {NAN, INFINITY, -INFINITY}) {
    Floats x = random_floats(20, 1);
    x[13] = bad;
    std::vector<uint8_t> q(20, 1);
    EXPECT_TRUE(std::isnan(quantize_input_row(x.data(), q.data(), 20)));
    for (const uint8_t value : q) EXPECT_EQ(value, kInputOffset);
  }
}

TEST(Quantize, TurnsSumsBackIntoNumbers) {
  for (const int64_t outputs : {1, 15, 33}) {
    const auto n = static_cast<size_t>(outputs);
    std::vector<int32_t> sums(n), offsets(n);
    for (size_t o = 0; o < n; ++o) {
      sums[o] = static_cast<int32_t>(1000 * o) - 70;
      offsets[o] = static_cast<int32_t>(o) * 128;
    }
    const Floats scales = random_floats(outputs, 1);
    const IntegerProductRow row{sums.data(), offsets.data(), 0.25F, scales.data(), outputs};
    Doubles expected;
    for (size_t o = 0; o < n; ++o)
      expected.push_back((sums[o] - offsets[o]) * 0.25 * static_cast<double>(scales[o]));
    Floats out(n, 3.0F);
    dequantize_row(row, out.data());
    expect_near(out, expected, 1e-2, "replaced");
    dequantize_and_add_row(row, out.data());
    for (double& value : expected) value *= 2;
    expect_near(out, expected, 2e-2, "added");
  }
}

}  // namespace
}  // namespace weft::kernels

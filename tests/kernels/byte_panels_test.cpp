#include "kernels/byte_panels.h"

#include <algorithm>

#include "kernels/row_compare.h"

namespace weft::kernels {
namespace {

// y [depth, columns] of integers in [-63, 63], every column with a 63: its scale is 1.
Floats random_weights(int64_t depth, int64_t columns, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_int_distribution<int> level(-63, 63);
  Floats y(static_cast<size_t>(depth * columns));
  for (float& value : y) value = static_cast<float>(level(generator));
  for (int64_t o = 0; o < columns; ++o)
    y[static_cast<size_t>((o % depth) * columns + o)] = o % 2 == 0 ? 63.0F : -63.0F;
  return y;
}

// x [rows, depth] of integers in [-127, 127], every row with a 127.
Floats random_inputs(int64_t rows, int64_t depth, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_int_distribution<int> level(-127, 127);
  Floats x(static_cast<size_t>(rows * depth));
  for (float& value : x) value = static_cast<float>(level(generator));
  for (int64_t n = 0; n < rows; ++n)
    x[static_cast<size_t>(n * depth + n % depth)] = n % 2 == 0 ? 127.0F : -127.0F;
  return x;
}

Floats exact_product(const Floats& x, const Floats& y, int64_t rows, int64_t depth) {
  const auto columns = static_cast<int64_t>(y.size()) / depth;
  Floats out;
  for (int64_t n = 0; n < rows; ++n) {
    for (int64_t o = 0; o < columns; ++o) {
      int64_t sum = 0;
      for (int64_t i = 0; i < depth; ++i)
        sum += static_cast<int64_t>(x[static_cast<size_t>(n * depth + i)]) *
               static_cast<int64_t>(y[static_cast<size_t>(i * columns + o)]);
      out.push_back(static_cast<float>(sum));
    }
  }
  return out;
}

class BytePanels : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_fast_byte_panels()) GTEST_SKIP() << "this processor has no int8 products";
  }
};

struct ByteSize {
  int64_t depth, columns;
};
const std::vector<ByteSize> kByteSizes = {{1, 1},   {3, 17},  {7, 15},   {8, 16},  {9, 31},
                                          {31, 48}, {40, 33}, {131, 20}, {512, 7}, {1030, 16}};

TEST_F(BytePanels, AddIntegersExactly) {
  for (const auto [depth, columns] : kByteSizes) {
    const Floats y = random_weights(depth, columns, 2);
    const BytePanelMatrix packed({y.data(), depth, columns, columns, 1});
    for (int64_t rows = 1; rows <= 9; ++rows) {
      const Floats x = random_inputs(rows, depth, 1);
      Floats expected = exact_product(x, y, rows, depth);
      Floats out(expected.size(), 7.0F);
      packed.multiply(x.data(), rows, out.data(), Write::kReplace);
      EXPECT_EQ(out, expected) << rows << " x " << depth << " x " << columns;
      packed.multiply(x.data(), rows, out.data(), Write::kAdd);
      for (float& value : expected) value *= 2;
      EXPECT_EQ(out, expected) << "added";
    }
  }
}

// Sums that are as large as they get, of every sign: what would saturate or wrap at 16 bits.
TEST_F(BytePanels, AddTheLargestIntegersExactly) {
  constexpr int64_t kDepth = 512, kColumns = 16;
  for (const float weight : {63.0F, -63.0F}) {
    for (const float input : {127.0F, -127.0F}) {
      for (const int64_t period : {1, 2, 4, 8, 512}) {
        Floats x(kDepth, input), y(static_cast<size_t>(kDepth * kColumns), weight);
        for (int64_t i = 0; i < kDepth; ++i) {
          if (i % period != 0) x[static_cast<size_t>(i)] = -input;
        }
        Floats out(kColumns);
        BytePanelMatrix({y.data(), kDepth, kColumns, kColumns, 1})
            .multiply(x.data(), 1, out.data(), Write::kReplace);
        EXPECT_EQ(out, exact_product(x, y, 1, kDepth)) << weight << ' ' << input << ' ' << period;
      }
    }
  }
}

TEST_F(BytePanels, AreTheirPlainTwins) {
  for (const auto [depth, columns] : kByteSizes) {
    // Column after column, as weights are forward.
    const Floats y = random_floats(depth * columns, 3);
    const BytePanelMatrix packed({y.data(), depth, columns, 1, depth});
    const Floats x = random_floats(6 * depth, 4);
    for (const Write write : {Write::kReplace, Write::kAdd}) {
      Floats fast(static_cast<size_t>(6 * columns), 0.5F), plain = fast;
      packed.multiply(x.data(), 6, fast.data(), write);
      packed.multiply_plain(x.data(), 6, plain.data(), write);
      EXPECT_EQ(fast, plain) << depth << " x " << columns;
    }
  }
}

TEST_F(BytePanels, AreCloseToTheProductOfNumbers) {
  constexpr int64_t kDepth = 300, kColumns = 40;
  const Floats x = random_floats(kDepth, 1), y = random_floats(kDepth * kColumns, 2);
  Floats out(kColumns);
  BytePanelMatrix({y.data(), kDepth, kColumns, kColumns, 1})
      .multiply(x.data(), 1, out.data(), Write::kReplace);
  Doubles expected;
  for (size_t o = 0; o < kColumns; ++o) {
    double sum = 0;
    for (size_t i = 0; i < kDepth; ++i) sum += static_cast<double>(x[i]) * y[i * kColumns + o];
    expected.push_back(sum);
  }
  // Each product is off by about a level of 1/63 of 3, uniformly: sqrt(300 / 12) * 3 / 63 = 0.24.
  expect_near(out, expected, 4 * 0.24, "products");
}

TEST_F(BytePanels, ARowDoesNotDependOnHowManyThereAre) {
  constexpr int64_t kDepth = 70, kColumns = 50, kRows = 40;
  const Floats y = random_floats(kDepth * kColumns, 1), x = random_floats(kRows * kDepth, 2);
  const BytePanelMatrix packed({y.data(), kDepth, kColumns, kColumns, 1});
  Floats all(static_cast<size_t>(kRows * kColumns));
  packed.multiply(x.data(), kRows, all.data(), Write::kReplace);
  for (int64_t rows = 1; rows < kRows; ++rows) {
    const int64_t first = rows % 7;
    const int64_t count = std::min(rows, kRows - first);
    Floats some(static_cast<size_t>(count * kColumns));
    packed.multiply(x.data() + first * kDepth, count, some.data(), Write::kReplace);
    EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin() + first * kColumns)) << rows;
  }
}

// A row or a column of what is not a number spoils itself alone, and nothing is written beside.
TEST_F(BytePanels, KeepToTheirRowsAndColumns) {
  constexpr size_t kDepth = 11, kColumns = 29, kRows = 5;
  Floats x = random_floats(kRows * kDepth, 1), y = random_floats(kDepth * kColumns, 2);
  x[2 * kDepth + 3] = NAN;
  y[4 * kColumns + 20] = INFINITY;
  Floats out(kRows * kColumns + 1, 7.0F);
  BytePanelMatrix({y.data(), kDepth, kColumns, kColumns, 1})
      .multiply(x.data(), kRows, out.data(), Write::kReplace);
  for (size_t n = 0; n < kRows; ++n) {
    for (size_t o = 0; o < kColumns; ++o)
      EXPECT_EQ(std::isnan(out[n * kColumns + o]), n == 2 || o == 20);
  }
  EXPECT_EQ(out.back(), 7.0F);
}

}  // namespace
}  // namespace weft::kernels

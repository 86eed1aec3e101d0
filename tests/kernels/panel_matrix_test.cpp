#include "kernels/panel_matrix.h"

#include <algorithm>

#include "kernels/row_compare.h"

namespace weft::kernels {
namespace {

// y [depth, columns], row after row or column after column.
struct Matrix {
  int64_t depth;
  int64_t columns;
  bool by_rows;
  Floats values = random_floats(depth * columns, 2);

  MatrixView view() const {
    return by_rows ? MatrixView{values.data(), depth, columns, columns, 1}
                   : MatrixView{values.data(), depth, columns, 1, depth};
  }
  double at(int64_t i, int64_t o) const {
    return values[static_cast<size_t>(by_rows ? i * columns + o : o * depth + i)];
  }
};

const std::vector<Matrix> kMatrices = {
    {1, 1, true},   {5, 7, true},    {16, 23, false},  {9, 24, true},    {33, 25, false},
    {64, 48, true}, {20, 71, false}, {130, 96, false}, {100, 200, true},
};

TEST(PanelMatrix, MultipliesEverySize) {
  for (const Matrix& y : kMatrices) {
    const PanelMatrix packed(y.view());
    for (int64_t rows = 1; rows <= 13; ++rows) {
      const Floats x = random_floats(rows * y.depth, 1);
      Floats out(static_cast<size_t>(rows * y.columns), 7.0F);
      packed.multiply(x.data(), rows, out.data(), Write::kReplace);
      Floats twice = out;
      packed.multiply(x.data(), rows, twice.data(), Write::kAdd);
      Floats columns(x.size()), by_columns(out.size());
      for (int64_t n = 0; n < rows; ++n) {
        for (int64_t i = 0; i < y.depth; ++i)
          columns[static_cast<size_t>(i * rows + n)] = x[static_cast<size_t>(n * y.depth + i)];
      }
      packed.multiply_transposed(columns.data(), rows, by_columns.data(), Write::kReplace);
      EXPECT_EQ(by_columns, out);
      for (int64_t n = 0; n < rows; ++n) {
        for (int64_t o = 0; o < y.columns; ++o) {
          double expected = 0;
          for (int64_t i = 0; i < y.depth; ++i)
            expected += x[static_cast<size_t>(n * y.depth + i)] * y.at(i, o);
          const auto place = static_cast<size_t>(n * y.columns + o);
          ASSERT_NEAR(out[place], expected, 1e-4) << y.depth << " x " << y.columns << ", " << rows;
          ASSERT_NEAR(twice[place], 2 * expected, 2e-4);
        }
      }
    }
  }
}

TEST(PanelMatrix, ARowDoesNotDependOnHowManyThereAre) {
  constexpr int64_t kRows = 40;
  for (const Matrix& y : kMatrices) {
    const PanelMatrix packed(y.view());
    const Floats x = random_floats(kRows * y.depth, 1);
    Floats all(static_cast<size_t>(kRows * y.columns));
    packed.multiply(x.data(), kRows, all.data(), Write::kReplace);
    for (int64_t rows = 1; rows < kRows; ++rows) {
      const int64_t first = rows % 7;
      const int64_t count = std::min(rows, kRows - first);
      Floats some(static_cast<size_t>(count * y.columns));
      packed.multiply(x.data() + first * y.depth, count, some.data(), Write::kReplace);
      EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin() + first * y.columns))
          << rows << " rows of " << y.depth << " x " << y.columns;
    }
  }
}

// A row of what is not a number spoils itself alone, and nothing is written beside the result.
TEST(PanelMatrix, KeepsToItsRowsAndColumns) {
  const Matrix y{6, 29, true};
  Floats x = random_floats(5 * y.depth, 1);
  std::fill_n(x.begin() + 2 * y.depth, y.depth, NAN);
  Floats out(static_cast<size_t>(5 * y.columns + 1), 7.0F);
  PanelMatrix(y.view()).multiply(x.data(), 5, out.data(), Write::kReplace);
  for (int64_t n = 0; n < 5; ++n) {
    for (int64_t o = 0; o < y.columns; ++o)
      EXPECT_EQ(std::isnan(out[static_cast<size_t>(n * y.columns + o)]), n == 2);
  }
  EXPECT_EQ(out.back(), 7.0F);
}

}  // namespace
}  // namespace weft::kernels

#include "kernels/onednn_product.h"

#include <gtest/gtest.h>

#include <vector>

namespace weft::kernels {
namespace {

using dnnl::memory;

// A product that is kept was compiled for one order of y. With y in another it would silently be
// garbage, or read beyond y's end.
TEST(CompiledProduct, IsTheOneForTheOrderOfY) {
  constexpr memory::dim kRows = 3, kDepth = 4, kColumns = 5;
  const ProductKey key{ProductKind::kPacked, kRows,          kColumns, kDepth, 0,
                       Precision::kFloat32,  Write::kReplace};
  const memory::desc by_row({kDepth, kColumns}, memory::data_type::f32, memory::format_tag::ab);
  const memory::desc by_column({kDepth, kColumns}, memory::data_type::f32, memory::format_tag::ba);
  const auto y_at = [](memory::dim i, memory::dim j) { return static_cast<float>(10 * i + j); };
  std::vector<float> rows(kDepth * kColumns), columns(kDepth * kColumns);
  for (memory::dim i = 0; i < kDepth; ++i) {
    for (memory::dim j = 0; j < kColumns; ++j) {
      rows.at(static_cast<std::size_t>(i * kColumns + j)) = y_at(i, j);
      columns.at(static_cast<std::size_t>(j * kDepth + i)) = y_at(i, j);
    }
  }
  std::vector<float> x(kRows * kDepth);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i) + 1;
  const auto product = [&](const memory::desc& order, const std::vector<float>& y) {
    std::vector<float> out(kRows * kColumns);
    const auto compiled = compiled_product(key, &order);
    EXPECT_TRUE(compiled->y == order);
    execute(*compiled, x.data(), y.data(), out.data());
    return out;
  };
  std::vector<float> expected(kRows * kColumns);
  for (memory::dim i = 0; i < kRows; ++i) {
    for (memory::dim j = 0; j < kColumns; ++j) {
      for (memory::dim k = 0; k < kDepth; ++k)
        expected[static_cast<std::size_t>(i * kColumns + j)] +=
            x[static_cast<std::size_t>(i * kDepth + k)] * y_at(k, j);
    }
  }
  EXPECT_EQ(product(by_row, rows), expected);
  EXPECT_EQ(product(by_column, columns), expected);
  EXPECT_EQ(product(by_row, rows), expected);
}

TEST(CompiledProduct, IsKept) {
  const ProductKey key{ProductKind::kPacked, 7, 6, 5, 0, Precision::kFloat32, Write::kReplace};
  const auto best = compiled_product(key, nullptr);
  EXPECT_EQ(compiled_product(key, nullptr), best);
  EXPECT_EQ(compiled_product(key, &best->y), best);
}

}  // namespace
}  // namespace weft::kernels

#include "align/row_shift.h"

#include <gtest/gtest.h>

#include "align/tokens.h"

namespace weft {
namespace {

AlignmentMatrix three_rows() {
  return {{{"a", {0, 1}}, {"b", {2, 3}}},
          {{"A", {0, 1}}, {"B", {2, 3}}, {"</s>", {3, 3}, true}},
          {0.1F, 0.9F, 0.2F, 0.8F, 0.3F, 0.7F}};
}

TEST(ShiftRows, TakesEachStepForAnotherToken) {
  EXPECT_EQ(shift_rows(three_rows(), 0).weights, three_rows().weights);
  EXPECT_EQ(shift_rows(three_rows(), 1).weights,
            (std::vector<float>{0.1F, 0.9F, 0.1F, 0.9F, 0.2F, 0.8F}));
  EXPECT_EQ(shift_rows(three_rows(), -1).weights,
            (std::vector<float>{0.2F, 0.8F, 0.3F, 0.7F, 0.3F, 0.7F}));
}

TEST(ShiftRows, TakesAMatrixWithoutRows) { EXPECT_EQ(shift_rows({}, -1).rows(), 0U); }

}  // namespace
}  // namespace weft

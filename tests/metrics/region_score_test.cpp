#include "metrics/region_score.h"

#include <gmock/gmock.h>

#include <stdexcept>

namespace weft {
namespace {

TEST(ScoreRegion, OfEqualWeightsIsTheArea) {
  const AttentionGrid grid{3, 5, std::vector<double>(15, 0.2)};
  const auto score = score_region(grid, 30, 20, {{1, 2, 16, 12}});
  EXPECT_NEAR(score.mass, 150.0 / 600, 1e-12);
  EXPECT_NEAR(score.uniform, 150.0 / 600, 1e-12);
  EXPECT_TRUE(score.hit);         // of equal cells the first: its middle is (3, 3.33)
  EXPECT_TRUE(score.centre_hit);  // (15, 10)
}

TEST(ScoreRegion, CountsWhatBoxesShareOnce) {
  const AttentionGrid grid{1, 1, {1}};
  EXPECT_NEAR(score_region(grid, 10, 10, {{0, 0, 6, 6}, {4, 4, 10, 10}}).mass, 0.68, 1e-12);
  EXPECT_NEAR(score_region(grid, 10, 10, {{0, 0, 6, 6}, {0, 0, 6, 6}}).mass, 0.36, 1e-12);
  EXPECT_NEAR(score_region(grid, 10, 10, {{-5, -5, 5, 50}}).mass, 0.5, 1e-12);
}

TEST(ScoreRegion, SeesWhereTheWeightIs) {
  AttentionGrid grid{2, 2, {0, 3, 1, 0}};
  const auto right = score_region(grid, 8, 8, {{4, 0, 8, 4}});
  EXPECT_NEAR(right.mass, 0.75, 1e-12);
  EXPECT_TRUE(right.hit);
  EXPECT_FALSE(right.centre_hit);  // (4, 4) is below the box
  const auto left = score_region(grid, 8, 8, {{0, 4, 2, 8}});
  EXPECT_NEAR(left.mass, 0.125, 1e-12);
  EXPECT_FALSE(left.hit);
}

TEST(ScoreRegion, OfTimeIsOfOneRow) {
  const AttentionGrid frames{1, 4, {0, 1, 1, 0}};
  EXPECT_NEAR(score_region(frames, 0.4, 1, {{0.1, 0, 0.25, 1}}).mass, 0.75, 1e-12);
}

TEST(CoveredParts, AreOfEachCell) {
  using testing::DoubleEq;
  EXPECT_THAT(
      covered_parts({2, 2, 20, 10}, {{5, 0, 12, 5}, {0, 4, 2, 6}}),
      testing::ElementsAre(DoubleEq(27.0 / 50), DoubleEq(0.2), DoubleEq(0.04), DoubleEq(0)));
  EXPECT_THAT(covered_parts({1, 2, 8, 1}, {{-1, -1, 9, 9}, {3, 0, 3, 1}}), testing::Each(1.0));
}

TEST(ScoreRegion, RefusesWeightsThatAreNone) {
  EXPECT_THROW(score_region({2, 2, {1}}, 1, 1, {}), std::invalid_argument);
  EXPECT_THROW(score_region({1, 2, {0, 0}}, 1, 1, {}), std::invalid_argument);
}

}  // namespace
}  // namespace weft

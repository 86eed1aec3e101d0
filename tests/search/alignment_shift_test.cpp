#include "search/alignment_shift.h"

#include <gtest/gtest.h>

namespace weft {
namespace {

TEST(BestShift, IsNoneUnlessAnotherIsClearlyBetter) {
  EXPECT_EQ(best_shift({0.3, 0.9, 0.9}), 0U);
  EXPECT_EQ(best_shift({0.30, 0.29, 0.9}), 0U);
  EXPECT_EQ(best_shift({0.9, 0.3, 0.8}), 1U);
  EXPECT_EQ(best_shift({0.9, 0.8, 0.3}), 2U);
}

// Words "ab" and "c"; pieces "a", "b", "c". The step after the one that predicts a piece looks at
// it.
TEST(LinksByShift, AreThoseOfShiftedSteps) {
  AlignedPair pair;
  pair.source = {"x y", {{0, 1}, {2, 3}}};
  pair.alignment = {{{"x", {0, 1}}, {"y", {2, 3}}, {"</s>", {3, 3}, true}},
                    {{"a", {0, 1}}, {"b", {1, 2}}, {"c", {3, 4}}, {"</s>", {4, 4}, true}},
                    {0.2F, 0.2F, 0.6F,  //
                     0.1F, 0.8F, 0.1F,  //
                     0.1F, 0.7F, 0.2F,  //
                     0.9F, 0.0F, 0.1F}};
  const auto links = links_by_shift(pair, {"ab c", {{0, 2}, {3, 4}}});
  EXPECT_EQ(links[0], (std::vector<Link>{{1, 0}, {1, 1}}));
  EXPECT_EQ(links[1], (std::vector<Link>{{0, 1}, {1, 0}}));
  EXPECT_EQ(links[2], (std::vector<Link>{{1, 1}}));  // twice the first step, which points nowhere
  EXPECT_TRUE(links_by_shift({}, {})[1].empty());
}

}  // namespace
}  // namespace weft

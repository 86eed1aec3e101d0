// Cases worked by hand.

#include "align/symmetrize.h"

#include <gmock/gmock.h>

#include <string>

#include "align/pharaoh.h"

namespace weft {
namespace {

std::string joined(const std::string& forward, const std::string& backward, Symmetrization method) {
  return format_pharaoh(
      symmetrize(parse_pharaoh(forward, {}), parse_pharaoh(backward, {}), method));
}

TEST(Symmetrize, HasFiveMethods) {
  // The two agree on 0-0. 1-1 touches it; 3-3, 3-4 and 4-3 touch nothing, and share words.
  const std::string forward = "3-4 0-0 1-1 3-3", backward = "0-0 4-3";
  EXPECT_EQ(joined(forward, backward, Symmetrization::kIntersection), "0-0");
  EXPECT_EQ(joined(forward, backward, Symmetrization::kUnion), "0-0 1-1 3-3 3-4 4-3");
  EXPECT_EQ(joined(forward, backward, Symmetrization::kGrowDiag), "0-0 1-1");
  EXPECT_EQ(joined(forward, backward, Symmetrization::kGrowDiagFinal), "0-0 1-1 3-3 3-4 4-3");
  EXPECT_EQ(joined(forward, backward, Symmetrization::kGrowDiagFinalAnd), "0-0 1-1 3-3");
}

TEST(Symmetrize, GrowsFromWhatHasGrown) {
  EXPECT_EQ(joined("0-0 1-1 2-2 3-3", "0-0", Symmetrization::kGrowDiag), "0-0 1-1 2-2 3-3");
  EXPECT_EQ(joined("3-3", "0-0 1-1 2-2 3-3", Symmetrization::kGrowDiag), "0-0 1-1 2-2 3-3");
}

TEST(Symmetrize, GrowsOnlyTowardsWordsWithoutALink) {
  EXPECT_EQ(joined("0-0 1-1 0-1", "0-0 1-1 1-0", Symmetrization::kGrowDiag), "0-0 1-1");
  EXPECT_EQ(joined("0-0 0-1", "0-0 1-0", Symmetrization::kGrowDiag), "0-0 0-1 1-0");
}

// 2-1 and 2-2 both touch 1-1; after either, the words of the other have links.
TEST(Symmetrize, GrowsStraightBeforeAslant) {
  EXPECT_EQ(joined("0-2 1-1 2-1", "0-2 1-1 2-2", Symmetrization::kGrowDiag), "0-2 1-1 2-1");
  EXPECT_EQ(joined("0-2 1-1 2-2", "0-2 1-1 2-1", Symmetrization::kGrowDiag), "0-2 1-1 2-1");
}

TEST(Symmetrize, FinishesWithTheForwardLinksFirst) {
  EXPECT_EQ(joined("0-0", "0-1", Symmetrization::kGrowDiagFinalAnd), "0-0");
  EXPECT_EQ(joined("0-1", "0-0", Symmetrization::kGrowDiagFinalAnd), "0-1");
  EXPECT_EQ(joined("0-0", "0-1", Symmetrization::kGrowDiagFinal), "0-0 0-1");
  EXPECT_EQ(joined("0-0 0-3", "0-0 3-3", Symmetrization::kGrowDiagFinal), "0-0 0-3 3-3");
}

TEST(Symmetrize, TakesPossibleLinksForSureOnes) {
  EXPECT_EQ(joined("0p0 1-1", "0-0 1p1", Symmetrization::kIntersection), "0-0 1-1");
  EXPECT_EQ(joined("0p0", "", Symmetrization::kUnion), "0-0");
}

TEST(Symmetrize, MakesNothingOfNothing) {
  for (const auto& method : enum_names(Symmetrization{}))
    EXPECT_EQ(joined("", "", method.value), "") << method.name;
  EXPECT_EQ(joined("0-0 1-1", "", Symmetrization::kIntersection), "");
  EXPECT_EQ(joined("0-0 1-1", "", Symmetrization::kGrowDiag), "");
  EXPECT_EQ(joined("", "0-0 1-1", Symmetrization::kGrowDiagFinalAnd), "0-0 1-1");
}

}  // namespace
}  // namespace weft

#include "align/links.h"

#include <gmock/gmock.h>

#include <cmath>
#include <stdexcept>

#include "align/tokens.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(AsSet, SortsAndKeepsASurePairOverAPossibleOne) {
  EXPECT_THAT(as_set({{1, 0}, {0, 2, false}, {0, 1, false}, {0, 1, true}, {1, 0}}),
              ElementsAre(Link{0, 1, true}, Link{0, 2, false}, Link{1, 0, true}));
}

TEST(HardLinks, TakeTheGreatestWeightOfEveryTargetWord) {
  const auto matrix = matrix_of("a b c", "x y z",
                                {0.1F, 0.2F, 0.7F,  //
                                 0.5F, 0.3F, 0.2F,  //
                                 0.2F, 0.3F, 0.5F});
  EXPECT_THAT(hard_links(matrix), ElementsAre(Link{0, 1}, Link{2, 0}, Link{2, 2}));
}

TEST(HardLinks, TakeTheFirstOfEqualsButNothingFromAFlatRow) {
  const auto matrix = matrix_of("a b c", "x y", {0.2F, 0.4F, 0.4F, 0.25F, 0.25F, 0.25F});
  EXPECT_THAT(hard_links(matrix), ElementsAre(Link{1, 0}));
}

TEST(HardLinks, LinkEveryWordToAOneWordSource) {
  EXPECT_THAT(hard_links(matrix_of("a", "x y", {1, 1})), ElementsAre(Link{0, 0}, Link{0, 1}));
}

TEST(HardLinks, AreNoneForEmptySentences) {
  EXPECT_THAT(hard_links(matrix_of("", "x", {})), IsEmpty());
  EXPECT_THAT(hard_links(matrix_of("a", "", {})), IsEmpty());
}

TEST(ThresholdLinks, AreAllPairsAboveTheThresholdBySource) {
  const auto matrix = matrix_of("a b", "x y", {0.5F, 0.5F, 0.75F, 0.25F});
  EXPECT_THAT(threshold_links(matrix, 0.25F), ElementsAre(Link{0, 0}, Link{0, 1}, Link{1, 0}));
  EXPECT_THAT(threshold_links(matrix, 0.75F), IsEmpty());
  EXPECT_THAT(threshold_links(matrix_of("a", "x", {1}), 1.0F), IsEmpty()) << "nothing is above 1";
}

TEST(ThresholdLinks, RefuseWhatIsNoProbability) {
  const auto matrix = matrix_of("a", "x", {1});
  EXPECT_THROW(threshold_links(matrix, 1.0001F), std::invalid_argument);
  EXPECT_THROW(threshold_links(matrix, -0.1F), std::invalid_argument);
  EXPECT_THROW(threshold_links(matrix, std::nanf("")), std::invalid_argument);
}

TEST(Reversed, SwapsSidesAndSortsAgain) {
  EXPECT_THAT(reversed({{0, 3, false}, {1, 0}, {2, 0}}),
              ElementsAre(Link{0, 1}, Link{0, 2}, Link{3, 0, false}));
}

}  // namespace
}  // namespace weft

#include "align/alignment_error_rate.h"

#include <gtest/gtest.h>

#include "align/pharaoh.h"

namespace weft {
namespace {

std::vector<Link> links(const std::string& text) { return parse_pharaoh(text, {"test", 1}); }

// |A| = 3, |S| = 2, |A n S| = 1 (0-0), |A n P| = 2 (0-0 1-1):
// AER = 1 - (1 + 2) / (3 + 2) = 0.4, precision = 2/3, recall = 1/2, F1 = 2 * (1/3) / (7/6) = 4/7.
TEST(AlignmentErrorRate, FollowsTheDefinition) {
  AlignmentErrorRate rate;
  rate.add(links("0-0 1-1 2-2"), links("0-0 1-2 1p1"));
  EXPECT_DOUBLE_EQ(rate.aer(), 0.4);
  EXPECT_DOUBLE_EQ(rate.precision(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(rate.recall(), 0.5);
  EXPECT_DOUBLE_EQ(rate.f1(), 4.0 / 7);
}

// A second sentence adds |A| = 1, |S| = 3, |A n S| = |A n P| = 1: AER = 1 - (2 + 3) / (4 + 5) =
// 4/9. The mean of the two sentences' rates would be (0.4 + 0.5) / 2.
TEST(AlignmentErrorRate, SumsCountsOverTheCorpus) {
  AlignmentErrorRate rate;
  rate.add(links("0-0 1-1 2-2"), links("0-0 1-2 1p1"));
  rate.add(links("0-1"), links("0-1 1-0 2-2"));
  EXPECT_DOUBLE_EQ(rate.aer(), 4.0 / 9);
  EXPECT_DOUBLE_EQ(rate.precision(), 3.0 / 4);
  EXPECT_DOUBLE_EQ(rate.recall(), 2.0 / 5);
  EXPECT_EQ(rate.counts().hypothesis, 4U);
  EXPECT_EQ(rate.counts().sure, 5U);
  EXPECT_EQ(rate.counts().matched_sure, 2U);
  EXPECT_EQ(rate.counts().matched_possible, 3U);
}

TEST(AlignmentErrorRate, IsZeroForTheSureLinksWithAnyPossibleOnes) {
  AlignmentErrorRate rate;
  rate.add(links("0-0 1-1"), links("0-0 1-1 2p1"));
  rate.add(links("0-0 2-1"), links("0-0 2p1"));
  EXPECT_DOUBLE_EQ(rate.aer(), 0.0);
  EXPECT_DOUBLE_EQ(rate.f1(), 1.0);
}

TEST(AlignmentErrorRate, IsOneWhenNothingMatches) {
  AlignmentErrorRate rate;
  rate.add(links("0-1"), links("1-0"));
  EXPECT_DOUBLE_EQ(rate.aer(), 1.0);
  EXPECT_DOUBLE_EQ(rate.f1(), 0.0);
}

TEST(AlignmentErrorRate, CountsEachPairOnceAndIgnoresTheHypothesisMark) {
  AlignmentErrorRate rate;
  rate.add({{0, 0, true}, {0, 0, false}, {1, 1, false}}, links("0-0 0-0 0p0 1-1"));
  EXPECT_EQ(rate.counts().hypothesis, 2U);
  EXPECT_EQ(rate.counts().sure, 2U);
  EXPECT_DOUBLE_EQ(rate.aer(), 0.0);
}

TEST(AlignmentErrorRate, TakesNothingByNothingAsPerfect) {
  AlignmentErrorRate none;
  none.add({}, {});
  EXPECT_DOUBLE_EQ(none.aer(), 0.0);
  EXPECT_DOUBLE_EQ(none.f1(), 1.0);

  AlignmentErrorRate missed;
  missed.add({}, links("0-0"));
  EXPECT_DOUBLE_EQ(missed.aer(), 1.0);
  EXPECT_DOUBLE_EQ(missed.precision(), 1.0);
  EXPECT_DOUBLE_EQ(missed.recall(), 0.0);

  AlignmentErrorRate invented;
  invented.add(links("0-0"), {});
  EXPECT_DOUBLE_EQ(invented.aer(), 1.0);
  EXPECT_DOUBLE_EQ(invented.recall(), 1.0);
}

TEST(AlignmentErrorRate, EmptySentencesChangeNothing) {
  AlignmentErrorRate rate;
  rate.add(links("0-0 1-1 2-2"), links("0-0 1-2 1p1"));
  rate.add({}, {});
  EXPECT_DOUBLE_EQ(rate.aer(), 0.4);
}

}  // namespace
}  // namespace weft

#include "align/bootstrap.h"

#include <gtest/gtest.h>

namespace weft {
namespace {

/// Sentences with one sure link each, of which the first `right` were found and the others missed
/// for another one.
std::vector<LinkCounts> sentences(std::size_t count, std::size_t right) {
  std::vector<LinkCounts> result(count, {1, 1, 0, 0});
  for (std::size_t n = 0; n < right; ++n) result[n] = {1, 1, 1, 1};
  return result;
}

TEST(Bootstrap, IsCertainOfSentencesThatAreAlike) {
  // 1 - (2 + 3) / (4 + 6) each.
  const auto interval = error_rate_interval(std::vector<LinkCounts>(30, {4, 6, 2, 3}));
  EXPECT_DOUBLE_EQ(interval.low, 0.5);
  EXPECT_DOUBLE_EQ(interval.high, 0.5);
  const auto one = error_rate_interval({{4, 4, 1, 1}});
  EXPECT_DOUBLE_EQ(one.low, 0.75);
  EXPECT_DOUBLE_EQ(one.high, 0.75);
}

// The rate is the mean of 400 coins: 1.96 standard deviations are 1.96 * 0.5 / 20.
TEST(Bootstrap, IsTheIntervalOfAMean) {
  const auto interval = error_rate_interval(sentences(400, 200));
  EXPECT_NEAR(interval.low, 0.5 - 0.049, 0.005);
  EXPECT_NEAR(interval.high, 0.5 + 0.049, 0.005);
  const auto skewed = error_rate_interval(sentences(400, 40));
  EXPECT_NEAR(skewed.low, 0.9 - 0.0294, 0.004);
  EXPECT_NEAR(skewed.high, 0.9 + 0.0294, 0.004);
}

// Drawn up to four times, the short one makes at most 8 of 3,500 links wrong, not 4 of 40.
TEST(Bootstrap, CountsLongSentencesForMore) {
  std::vector<LinkCounts> counts(39, {98, 98, 98, 98});
  counts.push_back({2, 2, 0, 0});
  EXPECT_LT(error_rate_interval(counts).high, 0.003);
}

TEST(Bootstrap, IsTheSameEveryTime) {
  const auto counts = sentences(57, 20);
  const auto first = error_rate_interval(counts), second = error_rate_interval(counts);
  EXPECT_EQ(first.low, second.low);
  EXPECT_EQ(first.high, second.high);
}

TEST(BootstrapDifference, IsOtherLessFirst) {
  const auto nothing = error_rate_difference(sentences(50, 20), sentences(50, 20));
  EXPECT_EQ(nothing.low, 0.0);
  EXPECT_EQ(nothing.high, 0.0);
  const auto better = error_rate_difference(sentences(50, 0), sentences(50, 50));
  EXPECT_EQ(better.low, -1.0);
  EXPECT_EQ(better.high, -1.0);
}

// Where only 100 of 400 sentences differ: 0.25 +- 1.96 sqrt(0.25 * 0.75) / 20. Drawn apart, the two
// would differ by 0.25 +- 0.065.
TEST(BootstrapDifference, IsOfTheSameSentences) {
  const auto interval = error_rate_difference(sentences(400, 250), sentences(400, 150));
  EXPECT_NEAR(interval.low, 0.25 - 0.0424, 0.005);
  EXPECT_NEAR(interval.high, 0.25 + 0.0424, 0.005);
}

}  // namespace
}  // namespace weft

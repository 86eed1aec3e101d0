#include "align/confidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace weft {
namespace {

AlignmentMatrix matrix(std::size_t columns, std::vector<float> weights) {
  AlignmentMatrix result;
  result.source.resize(columns);
  result.target.resize(weights.size() / columns);
  result.weights = std::move(weights);
  return result;
}

TEST(Confidence, OfRowsThatEachLookAtOneWord) {
  const auto confidence = confidence_of(matrix(2, {1, 0, 0, 1}));
  EXPECT_DOUBLE_EQ(confidence.coverage, 1.0);
  EXPECT_DOUBLE_EQ(confidence.entropy, 0.0);
  EXPECT_TRUE(confidence.unaligned.empty());
  EXPECT_FALSE(confidence.hallucination);
}

TEST(Confidence, AddsUpColumns) {
  // Columns have 1.5, 0.4 and 0.1: covered are 1, 0.4 and 0.1.
  const auto confidence = confidence_of(matrix(3, {1, 0, 0, 0.5F, 0.4F, 0.1F}));
  EXPECT_NEAR(confidence.coverage, (1.0 + 0.4 + 0.1) / 3, 1e-6);
  EXPECT_THAT(confidence.unaligned, testing::ElementsAre(2));
  const double entropy = -(0.5 * std::log(0.5) + 0.4 * std::log(0.4) + 0.1 * std::log(0.1));
  EXPECT_NEAR(confidence.entropy, entropy / std::log(3.0) / 2, 1e-6);
}

TEST(Confidence, MarksRowsThatLookNowhere) {
  EXPECT_TRUE(confidence_of(matrix(4, std::vector<float>(4 * 4, 0.25F))).hallucination);
  // As even, but of so few words nothing is said.
  EXPECT_FALSE(confidence_of(matrix(8, std::vector<float>(2 * 8, 0.125F))).hallucination);
}

TEST(Confidence, MarksRowsThatLookAtFewWordsOfMany) {
  // Entropy log(4) / log(9) = 0.63 in each row. Four of nine words are looked at, or all.
  const auto rows = [](std::size_t step) {
    std::vector<float> weights(5 * 9, 0.0F);
    for (std::size_t t = 0; t < 5; ++t)
      for (std::size_t n = 0; n < 4; ++n) weights[t * 9 + (t * step + n) % 9] = 0.25F;
    return weights;
  };
  EXPECT_TRUE(confidence_of(matrix(9, rows(0))).hallucination);
  EXPECT_FALSE(confidence_of(matrix(9, rows(2))).hallucination);
}

TEST(Confidence, OfNothing) {
  EXPECT_DOUBLE_EQ(confidence_of(matrix(3, {})).coverage, 1.0);
  AlignmentMatrix no_source;
  no_source.target.resize(2);
  EXPECT_DOUBLE_EQ(confidence_of(no_source).coverage, 1.0);
}

}  // namespace
}  // namespace weft

#include "search/scoring.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

namespace weft {
namespace {

Scoring scoring(double alpha, double max_length_factor) {
  DecodingOptions options;
  options.length_normalization = alpha;
  options.max_length_factor = max_length_factor;
  return Scoring(options);
}

TEST(Scoring, LimitsLengthByTheSource) {
  EXPECT_EQ(scoring(1, 1.5).length_limit(7), 10 + 10);
  EXPECT_EQ(scoring(1, 0.01).length_limit(7), 10);
  EXPECT_EQ(scoring(1, 3).length_limit(1), 13);
  EXPECT_EQ(scoring(1, 3).length_limit(1, 5), 18) << "what is given does not count";
}

TEST(Scoring, HasALimitWhateverTheFactor) {
  for (const double factor : {1e18, 1e300, std::numeric_limits<double>::max()}) {
    EXPECT_GE(scoring(1, factor).length_limit(500), std::numeric_limits<int32_t>::max());
  }
}

TEST(Scoring, DividesByAPowerOfTheLength) {
  Hypothesis hypothesis;
  hypothesis.log_prob = -6;
  hypothesis.token_log_probs = {-1, -2, -2, -1};
  EXPECT_EQ(scoring(0, 1).score(hypothesis, 1), -6);
  EXPECT_EQ(scoring(1, 1).score(hypothesis, 1), -1.5);
  EXPECT_NEAR(scoring(0.5, 1).score(hypothesis, 1), -3, 1e-12);
}

/// Six tokens with log p -6 for a source of 8, which attention covered by 0.5, 2 and 0.1.
double score_with(const std::function<void(DecodingOptions&)>& change) {
  DecodingOptions options;
  options.length_normalization = 0;
  change(options);
  Hypothesis hypothesis;
  hypothesis.log_prob = -6;
  hypothesis.token_log_probs = {-1, -1, -1, -1, -1, -1};
  hypothesis.attention = torch::tensor({{0.25F, 1.0F, 0.1F, 7.0F}, {0.25F, 1.0F, 0.0F, 0.0F}});
  return Scoring(options).score(hypothesis, 8);
}

TEST(Scoring, IsThatOfOtherToolkits) {
  // OpenNMT-py: length_penalty wu, alpha 0.6; coverage_penalty wu, beta 0.2.
  const double coverage = std::log(0.5) + std::log(0.1);
  EXPECT_NEAR(score_with([](auto& o) {
                o.length_normalization = 0.6;
                o.length_offset = 5;
                o.coverage_penalty = 0.2;
              }),
              -6 / std::pow(11.0 / 6, 0.6) + 0.2 * coverage, 1e-6);
  // Marian: --normalize 0.7 --word-penalty 0.3
  EXPECT_NEAR(score_with([](auto& o) {
                o.length_normalization = 0.7;
                o.word_penalty = 0.3;
              }),
              (-6 - 0.3 * 6) / std::pow(6, 0.7), 1e-12);
  // Sockeye: --length-penalty-alpha 0.9 --length-penalty-beta 2 --brevity-penalty-type constant
  // --brevity-penalty-weight 1.5 --brevity-penalty-constant-length-ratio 1.1
  EXPECT_NEAR(score_with([](auto& o) {
                o.length_normalization = 0.9;
                o.length_offset = 2;
                o.brevity_penalty = 1.5;
                o.length_ratio = 1.1;
              }),
              -6 / (std::pow(8, 0.9) / std::pow(3, 0.9)) + 1.5 * (1 - 8.8 / 6), 1e-12);
}

TEST(Scoring, OfATokenThatNothingLookedAtIsFinite) {
  EXPECT_TRUE(std::isfinite(score_with([](auto& o) { o.coverage_penalty = 1; })));
  Hypothesis hypothesis;
  hypothesis.token_log_probs = {0};
  hypothesis.attention = torch::zeros({1, 2});
  DecodingOptions options;
  options.coverage_penalty = 1;
  EXPECT_NEAR(Scoring(options).score(hypothesis, 2), std::log(1e-10), 1e-9);
}

TEST(Scoring, BoundsWhatLongerHypothesesMayReach) {
  DecodingOptions options;
  options.length_normalization = 0.8;
  options.word_penalty = -0.2;
  options.brevity_penalty = 1;
  const Scoring scoring(options);
  const double bound = scoring.bound(-3, 4, 9, 7);
  double best = -1e9;
  for (std::size_t length = 4; length <= 9; ++length) {
    Hypothesis hypothesis;
    hypothesis.log_prob = -3;
    hypothesis.token_log_probs.resize(length);
    best = std::max(best, scoring.score(hypothesis, 7));
  }
  EXPECT_EQ(bound, best);
}

TEST(Scoring, LimitsLengthByNumbers) {
  DecodingOptions options;
  options.max_length = 12;
  EXPECT_EQ(Scoring(options).length_limit(100), 12);
  EXPECT_EQ(Scoring(options).length_limit(100, 5), 12) << "what is given counts";
  EXPECT_EQ(Scoring(options).least_length(100), 0);
  options.min_length = 4;
  options.min_length_factor = 0.5;
  EXPECT_EQ(Scoring(options).least_length(2), 4);
  EXPECT_EQ(Scoring(options).least_length(12), 6);  // half of 11, rounded up
  EXPECT_EQ(Scoring(options).least_length(100), 11);
}

TEST(Scoring, RanksWhatEndedFirstAndKeepsTheOrderOfEquals) {
  std::vector<Hypothesis> hypotheses(4);
  const double scores[] = {-1, -3, -2, -3};
  const bool finished[] = {false, true, true, true};
  for (std::size_t k = 0; k < 4; ++k) {
    hypotheses[k].score = scores[k];
    hypotheses[k].finished = finished[k];
    hypotheses[k].tokens = {static_cast<int32_t>(k)};
  }
  Scoring::rank(hypotheses);
  std::vector<int32_t> order;
  for (const auto& hypothesis : hypotheses) order.push_back(hypothesis.tokens[0]);
  EXPECT_EQ(order, (std::vector<int32_t>{2, 1, 3, 0}));
}

}  // namespace
}  // namespace weft

#include "search/scoring.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
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
  EXPECT_EQ(scoring(0, 1).score(hypothesis), -6);
  EXPECT_EQ(scoring(1, 1).score(hypothesis), -1.5);
  EXPECT_NEAR(scoring(0.5, 1).score(hypothesis), -3, 1e-12);
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

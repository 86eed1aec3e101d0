#include "ops/best_tokens.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <limits>
#include <tuple>
#include <vector>

namespace weft::ops {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Rows, vocabulary and count.
class BestTokensTest : public ::testing::TestWithParam<std::tuple<int64_t, int64_t, int64_t>> {};

INSTANTIATE_TEST_SUITE_P(Sizes, BestTokensTest,
                         ::testing::Values(std::tuple{1, 5, 1}, std::tuple{1, 5, 5},
                                           std::tuple{7, 128, 4}, std::tuple{33, 1000, 5},
                                           std::tuple{2, 8001, 12}));

// The kernel and the plain form, against a full sort in float64.
TEST_P(BestTokensTest, AreTheFirstOfASortOfTheSoftmax) {
  const auto [rows, vocabulary, count] = GetParam();
  torch::manual_seed(1);
  const auto logits = torch::randn({rows, vocabulary}) * 5;
  auto log_probs = logits.to(torch::kFloat64).log_softmax(1);
  const auto [sorted, order] = log_probs.sort(1, /*descending=*/true);
  const torch::NoGradGuard no_gradient;
  for (const bool plain : {false, true}) {
    const auto best =
        best_tokens(plain ? plain_operations() : ComputeContext(), {logits, count, {}});
    EXPECT_TRUE(torch::equal(best.tokens, order.narrow(1, 0, count))) << "plain: " << plain;
    const auto error = best.log_probs.to(torch::kFloat64) - sorted.narrow(1, 0, count);
    EXPECT_LT(error.abs().max().item<double>(), 1e-5) << "plain: " << plain;
  }
}

TEST(BestTokens, LeavesExcludedOnesOutButNotOutOfTheSoftmax) {
  const torch::NoGradGuard no_gradient;
  const auto logits = torch::tensor({{5.0F, 1.0F, 4.0F, 2.0F}});
  for (const bool plain : {false, true}) {
    const auto best =
        best_tokens(plain ? plain_operations() : ComputeContext(), {logits, 4, {0, 2}});
    const double sum = std::exp(5.0) + std::exp(1.0) + std::exp(4.0) + std::exp(2.0);
    EXPECT_EQ(best.tokens[0][0].item<int64_t>(), 3);
    EXPECT_EQ(best.tokens[0][1].item<int64_t>(), 1);
    EXPECT_NEAR(best.log_probs[0][0].item<double>(), 2 - std::log(sum), 1e-6);
    EXPECT_EQ(best.log_probs[0][2].item<float>(), -kInfinity);
    EXPECT_EQ(best.log_probs[0][3].item<float>(), -kInfinity);
  }
}

TEST(BestTokens, PrefersTheLowerOfEqualTokens) {
  const torch::NoGradGuard no_gradient;
  const auto best = best_tokens({}, {torch::zeros({1, 300}), 3, {1}});
  EXPECT_TRUE(torch::equal(best.tokens, torch::tensor({{0, 2, 3}})));
}

TEST(BestTokens, GivesWhatIsNotANumberNoProbability) {
  const torch::NoGradGuard no_gradient;
  for (const float odd : {NAN, kInfinity}) {
    auto one = torch::zeros({1, 300});
    one[0][200] = odd;
    for (const auto& logits : {torch::full({1, 300}, odd), one}) {
      const auto best = best_tokens({}, {logits, 2, {0}});
      EXPECT_FALSE(best.log_probs[0][0].item<float>() > -kInfinity) << odd;
      EXPECT_FALSE(best.log_probs[0][1].item<float>() > -kInfinity) << odd;
    }
  }
}

}  // namespace
}  // namespace weft::ops

#include "nn/attention_balance.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace weft {
namespace {

TEST(AttentionBalance, IsWhatEachAnnotationLacksOfOne) {
  // Two words and a padded one over three annotations, of which the last is padding.
  const auto weights =
      torch::tensor({{{0.5, 0.5, 0.0}, {0.25, 0.75, 0.0}, {1.0, 0.0, 0.0}}}, torch::kFloat64);
  const auto target = torch::tensor({{true, true, false}}),
             source = torch::tensor({{true, true, false}});
  const auto loss = attention_balance_loss(weights, target, source);
  EXPECT_DOUBLE_EQ(loss.item<double>(), 0.25 * 0.25 + 0.25 * 0.25);
}

TEST(AttentionBalance, IsNothingIfEachIsLookedAtOnce) {
  const auto weights = torch::eye(4, torch::kFloat64).unsqueeze(0);
  const auto all = torch::ones({1, 4}, torch::kBool);
  EXPECT_EQ(attention_balance_loss(weights, all, all).item<double>(), 0);
}

TEST(AttentionBalance, HasTheGradientOfDifferences) {
  const auto all = torch::ones({2, 3}, torch::kBool);
  auto weights = torch::softmax(torch::randn({2, 3, 3}, torch::kFloat64), 2).requires_grad_();
  attention_balance_loss(weights, all, all).backward();
  const torch::NoGradGuard no_grad;
  constexpr double kStep = 1e-6;
  auto moved = weights.detach().clone();
  moved[1][2][0] += kStep;
  const double rise =
      (attention_balance_loss(moved, all, all) - attention_balance_loss(weights, all, all))
          .item<double>() /
      kStep;
  EXPECT_NEAR(weights.grad()[1][2][0].item<double>(), rise, 1e-5);
}

}  // namespace
}  // namespace weft

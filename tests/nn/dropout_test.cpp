#include "nn/dropout.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

namespace weft {
namespace {

using Dropout = torch::Tensor (*)(const torch::Tensor&, double, bool);

class DropoutTest : public ::testing::TestWithParam<Dropout> {};

INSTANTIATE_TEST_SUITE_P(Kinds, DropoutTest,
                         ::testing::Values(variational_dropout, plain_dropout, word_dropout),
                         [](const auto& tested) {
                           return tested.param == variational_dropout ? "Variational"
                                  : tested.param == plain_dropout     ? "Plain"
                                                                      : "Word";
                         });

TEST_P(DropoutTest, IsTheIdentityWithoutTrainingAndAtZero) {
  const auto x = torch::randn({2, 3, 4});
  EXPECT_TRUE(GetParam()(x, 0.5, false).is_same(x));
  EXPECT_TRUE(GetParam()(x, 0, true).is_same(x));
}

TEST_P(DropoutTest, ZeroesAShareOfPAndKeepsTheMean) {
  torch::manual_seed(1);
  const double p = 0.3;
  const auto dropped = GetParam()(torch::ones({400, 25, 25}, torch::kFloat64), p, true);
  // 10,000 independent draws: 0.02 is more than four standard deviations.
  EXPECT_NEAR(dropped.eq(0).to(torch::kFloat64).mean().item<double>(), p, 0.02);
  EXPECT_NEAR(dropped.mean().item<double>(), 1, 0.03);
  const auto kept = dropped.masked_select(dropped.ne(0));
  EXPECT_TRUE(torch::allclose(kept, torch::full_like(kept, 1 / (1 - p))));
}

TEST_P(DropoutTest, ScalesTheGradientLikeTheValue) {
  torch::manual_seed(1);
  const auto x = torch::full({3, 4, 5}, 2.0).requires_grad_();
  const auto dropped = GetParam()(x, 0.5, true);
  dropped.sum().backward();
  EXPECT_TRUE(torch::equal(x.grad() * 2, dropped));
}

TEST_P(DropoutTest, DrawsAnewAtEveryCallAndAgainFromTheSameSeed) {
  const auto x = torch::ones({8, 8, 8});
  torch::manual_seed(1);
  const auto first = GetParam()(x, 0.5, true), second = GetParam()(x, 0.5, true);
  torch::manual_seed(1);
  EXPECT_FALSE(torch::equal(first, second));
  EXPECT_TRUE(torch::equal(first, GetParam()(x, 0.5, true)));
}

TEST(VariationalDropout, UsesOneMaskForAllStepsOfASentence) {
  torch::manual_seed(1);
  const auto dropped = variational_dropout(torch::ones({4, 6, 32}), 0.5, true);
  EXPECT_TRUE(torch::equal(dropped, dropped.narrow(1, 0, 1).expand_as(dropped)));
  EXPECT_FALSE(torch::equal(dropped[0], dropped[1]));
}

TEST(PlainDropout, DrawsEveryNumberByItself) {
  torch::manual_seed(1);
  const auto dropped = plain_dropout(torch::ones({4, 6, 32}), 0.5, true);
  EXPECT_FALSE(torch::equal(dropped.select(1, 0), dropped.select(1, 1)));
  EXPECT_FALSE(torch::equal(dropped[0], dropped[1]));
}

TEST(UnitDropout, IsTheOneThatIsNamed) {
  const auto x = torch::ones({4, 6, 32});
  const auto drop = [&](DropoutKind kind) {
    torch::manual_seed(1);
    return unit_dropout(x, 0.5, kind, true);
  };
  torch::manual_seed(1);
  const auto variational = variational_dropout(x, 0.5, true);
  torch::manual_seed(1);
  const auto plain = plain_dropout(x, 0.5, true);
  EXPECT_TRUE(torch::equal(drop(DropoutKind::kVariational), variational));
  EXPECT_TRUE(torch::equal(drop(DropoutKind::kPlain), plain));
}

TEST(WordDropout, ZeroesWholeWords) {
  torch::manual_seed(1);
  const auto dropped = word_dropout(torch::ones({4, 32, 6}), 0.5, true);
  EXPECT_TRUE(torch::equal(dropped, dropped.narrow(2, 0, 1).expand_as(dropped)));
  EXPECT_FALSE(torch::equal(dropped[0], dropped[1]));
}

}  // namespace
}  // namespace weft

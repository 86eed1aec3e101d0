#include "nn/guided_alignment.h"

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>

#include "nn/random_module.h"

namespace weft {
namespace {

TEST(GuidedAlignment, IsTheCrossEntropyOfTheRowsThatAreTaught) {
  const auto attention = torch::tensor({0.5, 0.25, 0.25, 0.9, 0.1, 0.0}).view({1, 2, 3});
  const auto guidance = torch::tensor({0.0, 0.4, 0.4, 0.0, 0.0, 0.0}).view({1, 2, 3});
  EXPECT_NEAR(guided_alignment_loss(attention, guidance).item<double>(), 0.8 * std::log(4.0), 1e-6);
  EXPECT_EQ(guided_alignment_loss(attention, torch::zeros_like(guidance)).item<double>(), 0);
}

// d/de_k - Σ_j g_j log softmax(e)_j = α_k Σ_j g_j - g_k
TEST(GuidedAlignment, HasTheGradientWrittenOut) {
  const auto energies = random_tensor({2, 3, 4}, 1).requires_grad_();
  auto guidance = random_tensor({2, 3, 4}, 2).abs();
  guidance = 0.7 * guidance / guidance.sum(2, true);
  guidance[1][2].zero_();
  const auto attention = torch::softmax(energies, 2);
  const auto gradient =
      torch::autograd::grad({guided_alignment_loss(attention, guidance)}, {energies})[0];
  const auto expected = attention * guidance.sum(2, true) - guidance;
  EXPECT_LT(distance(gradient, expected), 1e-14);
}

TEST(GuidedAlignment, StaysFiniteWhereAttentionCannotLook) {
  const auto attention = torch::tensor({1.0, 0.0}).view({1, 1, 2}).requires_grad_();
  const auto guidance = torch::tensor({0.0, 1.0}).view({1, 1, 2});
  const auto loss = guided_alignment_loss(attention, guidance);
  EXPECT_NEAR(loss.item<double>(), 12 * std::log(10.0), 1e-4);
  loss.backward();
  EXPECT_EQ(attention.grad().abs().sum().item<double>(), 0);
}

}  // namespace
}  // namespace weft

// Losses against PyTorch's own (tests/golden/nn/make_losses.py), values and gradients.

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "nn/attention_losses.h"
#include "nn/distribution_losses.h"
#include "nn/own_words.h"
#include "nn/random_module.h"

namespace weft {
namespace {

using nlohmann::json;

const json& golden_losses() {
  static const json all = json::parse(std::ifstream(WEFT_GOLDEN "/nn/losses.json"));
  return all;
}

torch::Tensor numbers_of(const json& values, std::vector<int64_t> shape) {
  return torch::tensor(values.get<std::vector<double>>(), torch::kFloat64).reshape(shape);
}

void expect_golden(const torch::Tensor& loss, const torch::Tensor& input, const json& value,
                   const json& gradient) {
  EXPECT_NEAR(loss.item<double>(), value.get<double>(), 1e-12);
  const auto found = torch::autograd::grad({loss}, {input})[0];
  EXPECT_LT(distance(found, numbers_of(gradient, input.sizes().vec())), 1e-12);
}

torch::Tensor shorter_second_row() { return mask_of({3, 2}, 3); }

TEST(Losses, DistillationIsPyTorchs) {
  const auto& golden = golden_losses().at("distillation");
  const auto logits = numbers_of(golden.at("logits"), {2, 3, 5}).requires_grad_();
  const auto teacher = numbers_of(golden.at("teacher"), {2, 3, 5});
  expect_golden(distillation_loss(logits, teacher, shorter_second_row(), golden.at("temperature")),
                logits, golden.at("loss"), golden.at("gradient"));
}

TEST(Losses, RDropIsPyTorchs) {
  const auto& golden = golden_losses().at("r_drop");
  const auto logits = numbers_of(golden.at("logits"), {4, 3, 5}).requires_grad_();
  const auto mask = shorter_second_row().repeat({2, 1});
  expect_golden(r_drop_loss(logits, mask), logits, golden.at("loss"), golden.at("gradient"));
}

TEST(Losses, CoverageAndEntropyOfAttentionArePyTorchs) {
  const auto& golden = golden_losses().at("attention");
  const auto weights = numbers_of(golden.at("weights"), {2, 3, 4}).requires_grad_();
  expect_golden(coverage_loss(weights, shorter_second_row()), weights, golden.at("coverage"),
                golden.at("coverage_gradient"));
  expect_golden(attention_entropy_loss(weights, shorter_second_row()), weights,
                golden.at("entropy"), golden.at("entropy_gradient"));
}

TEST(Losses, ExpectedCostsArePyTorchs) {
  const auto& golden = golden_losses().at("expected_costs");
  auto log_probs = torch::full({2, 3}, -std::numeric_limits<double>::infinity(), torch::kFloat64);
  log_probs[0].copy_(numbers_of(golden.at("log_probs")[0], {3}));
  log_probs[1].narrow(0, 0, 2).copy_(numbers_of(golden.at("log_probs")[1], {2}));
  log_probs.requires_grad_();
  const auto costs = numbers_of(golden.at("costs"), {2, 3});
  const auto weights = torch::tensor({1.0, 2.0}, torch::kFloat64);
  const auto loss = (expected_costs(log_probs, costs, golden.at("sharpness")) * weights).sum();
  expect_golden(loss, log_probs, golden.at("loss"), golden.at("gradient"));
}

TEST(Losses, EntropyStaysFiniteWhereAttentionIsNothing) {
  const auto weights = torch::tensor({{{1.0, 0.0}}}, torch::kFloat64).requires_grad_();
  const auto loss = attention_entropy_loss(weights, torch::ones({1, 1}, torch::kBool));
  EXPECT_EQ(loss.item<double>(), 0);
  loss.backward();
  EXPECT_TRUE(weights.grad().isfinite().all().item<bool>());
}

TEST(OwnWords, AreDrawnAsTheDistributionSays) {
  torch::manual_seed(1);
  const auto probabilities = torch::tensor({0.5, 0.3, 0.15, 0.05});
  const auto drawn = sampled_tokens(probabilities.log().expand({10, 2000, 4}));
  const auto shares = torch::bincount(drawn.flatten(), {}, 4).to(torch::kFloat32) / 20000;
  EXPECT_LT(distance(shares, probabilities), 0.015);
}

TEST(OwnWords, StandOnePlaceLaterAndNotFirst) {
  torch::manual_seed(1);
  const auto inputs = torch::tensor({{2, 4, 5, 6}, {2, 7, 0, 0}});
  const auto predicted = torch::tensor({{11, 12, 13, 14}, {15, 16, 17, 18}});
  const auto mask = mask_of({4, 2}, 4);
  EXPECT_TRUE(torch::equal(mixed_inputs(inputs, predicted, mask, 0), inputs));
  EXPECT_TRUE(torch::equal(mixed_inputs(inputs, predicted, mask, 1),
                           torch::tensor({{2, 11, 12, 13}, {2, 15, 0, 0}})));
  const auto many =
      mixed_inputs(torch::zeros({100, 101}, torch::kInt64), torch::ones({100, 101}, torch::kInt64),
                   torch::ones({100, 101}, torch::kBool), 0.3);
  EXPECT_NEAR(static_cast<double>(many.sum().item<int64_t>()) / 10000, 0.3, 0.02);
}

}  // namespace
}  // namespace weft

#include "ops/cross_entropy.h"

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/nn/functional/loss.h>
#include <torch/types.h>

#include <vector>

#include "nn/gradient_check.h"
#include "nn/random_module.h"

namespace weft::ops {
namespace {

struct Layer {
  torch::Tensor x = random_tensor({6, 3}, 1).requires_grad_();
  torch::Tensor weight = random_tensor({5, 3}, 2).requires_grad_();
  torch::Tensor bias = random_tensor({5}, 3).requires_grad_();

  std::vector<torch::Tensor> tensors() const { return {x, weight, bias}; }
};

const auto kTargets = std::vector<int64_t>{4, 0, -1, 2, 2, -1};

class SmoothedCrossEntropy : public ::testing::TestWithParam<double> {};

INSTANTIATE_TEST_SUITE_P(Smoothing, SmoothedCrossEntropy, ::testing::Values(0.0, 0.1, 0.6));

TEST_P(SmoothedCrossEntropy, IsPyTorchsWithItsGradients) {
  const Layer layer;
  const auto ours =
      cross_entropy({}, {{layer.x, layer.weight, layer.bias, torch::tensor(kTargets)}, GetParam()});
  const auto logits = layer.x.matmul(layer.weight.t()) + layer.bias;
  const auto options =
      torch::nn::functional::CrossEntropyFuncOptions().ignore_index(-1).reduction(torch::kSum);
  auto smoothed = options;
  smoothed.label_smoothing(GetParam());
  const auto targets = torch::tensor(kTargets);
  const auto expected = torch::nn::functional::cross_entropy(logits, targets, smoothed);
  EXPECT_NEAR(ours.loss.item<double>(), expected.item<double>(), 1e-12);
  const auto plain = torch::nn::functional::cross_entropy(logits, targets, options);
  EXPECT_NEAR(ours.negative_log_likelihood.item<double>(), plain.item<double>(), 1e-12);
  EXPECT_FALSE(ours.negative_log_likelihood.requires_grad());

  const auto gradients = torch::autograd::grad({ours.loss}, layer.tensors());
  const auto expected_gradients = torch::autograd::grad({expected}, layer.tensors());
  for (std::size_t i = 0; i < gradients.size(); ++i)
    EXPECT_LT(distance(gradients[i], expected_gradients[i]), 1e-12) << i;
}

// Weights: PyTorch's losses of the rows, each times its weight.
TEST_P(SmoothedCrossEntropy, WeighsRowsWithTheirGradients) {
  const Layer layer;
  const auto targets = torch::tensor(kTargets);
  const auto weights = torch::tensor({0.5, 0.0, 9.0, 2.0, 1.0, 1.0}, torch::kFloat64);
  const auto ours =
      cross_entropy({}, {{layer.x, layer.weight, layer.bias, targets, weights}, GetParam()});
  const auto rows =
      torch::nn::functional::cross_entropy(layer.x.matmul(layer.weight.t()) + layer.bias, targets,
                                           torch::nn::functional::CrossEntropyFuncOptions()
                                               .ignore_index(-1)
                                               .reduction(torch::kNone)
                                               .label_smoothing(GetParam()));
  const auto expected = (rows * weights).sum();
  EXPECT_NEAR(ours.loss.item<double>(), expected.item<double>(), 1e-12);
  const auto gradients = torch::autograd::grad({ours.loss}, layer.tensors());
  const auto expected_gradients = torch::autograd::grad({expected}, layer.tensors());
  for (std::size_t i = 0; i < gradients.size(); ++i)
    EXPECT_LT(distance(gradients[i], expected_gradients[i]), 1e-12) << i;
  const auto plain = cross_entropy({}, {{layer.x, layer.weight, layer.bias, targets}, GetParam()});
  EXPECT_EQ(ours.negative_log_likelihood.item<double>(),
            plain.negative_log_likelihood.item<double>());
}

TEST_P(SmoothedCrossEntropy, HasTheGradientsOfItsFunction) {
  const Layer layer;
  expect_gradients(
      [&] {
        return cross_entropy(
                   {}, {{layer.x, layer.weight, layer.bias, torch::tensor(kTargets)}, GetParam()})
            .loss;
      },
      layer.tensors());
}

TEST_P(SmoothedCrossEntropy, GivesIgnoredRowsNoValueAndNoGradient) {
  const Layer layer;
  const auto ours =
      cross_entropy({}, {{layer.x, layer.weight, layer.bias, torch::tensor(kTargets)}, GetParam()});
  const auto rows = torch::tensor({0, 1, 3, 4}, torch::kInt64);
  const auto without = cross_entropy({}, {{layer.x.index_select(0, rows), layer.weight, layer.bias,
                                           torch::tensor(kTargets).index_select(0, rows)},
                                          GetParam()});
  EXPECT_NEAR(ours.loss.item<double>(), without.loss.item<double>(), 1e-12);
  const auto gradient = torch::autograd::grad({ours.loss}, {layer.x})[0];
  EXPECT_EQ(gradient[2].abs().max().item<double>(), 0);
  EXPECT_EQ(gradient[5].abs().max().item<double>(), 0);
}

TEST(SmoothedCrossEntropy, StaysFiniteForLogitsThatOverflowExp) {
  const auto ours = cross_entropy({}, {{torch::full({1, 1}, 1e4F), torch::tensor({{1.0F}, {-1.0F}}),
                                        torch::zeros({2}), torch::tensor({1}, torch::kInt64)}});
  EXPECT_FLOAT_EQ(ours.loss.item<float>(), 2e4F);
}

}  // namespace
}  // namespace weft::ops

#include "kernels/adam_step.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/optim/adam.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>

#include "kernels/gradient_compare.h"

namespace weft::kernels {
namespace {

using torch::Tensor;

constexpr double kRate = 0.01;
constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.98;
constexpr double kEpsilon = 1e-9;

AdamCoefficients coefficients_of(int update) {
  AdamCoefficients c;
  c.beta1 = kBeta1;
  c.beta2 = kBeta2;
  c.step_size = kRate / (1 - std::pow(kBeta1, update));
  c.variance_scale = 1 / std::sqrt(1 - std::pow(kBeta2, update));
  c.epsilon = kEpsilon;
  return c;
}

AdamTensors random_tensors(torch::IntArrayRef sizes) {
  return {torch::randn(sizes), torch::randn(sizes), torch::zeros(sizes), torch::zeros(sizes), {}};
}

TEST(AdamStep, TenUpdatesMatchLibTorchsAdam) {
  torch::manual_seed(1);
  std::vector<AdamTensors> tensors{random_tensors({300, 301}), random_tensors({7}),
                                   random_tensors({1})};
  std::vector<Tensor> wide;
  for (const auto& t : tensors) {
    wide.push_back(t.parameter.to(torch::kFloat64).set_requires_grad(true));
  }
  torch::optim::Adam reference(
      wide, torch::optim::AdamOptions(kRate).betas({kBeta1, kBeta2}).eps(kEpsilon));
  for (int update = 1; update <= 10; ++update) {
    for (size_t i = 0; i < tensors.size(); ++i) {
      tensors[i].gradient = torch::randn(wide[i].sizes());
      wide[i].mutable_grad() = tensors[i].gradient.to(torch::kFloat64);
    }
    adam_step(tensors, coefficients_of(update));
    reference.step();
  }
  for (size_t i = 0; i < tensors.size(); ++i) {
    expect_close(tensors[i].parameter, wide[i].detach(), {1e-5, 1e-6}, "parameter");
  }
}

TEST(AdamStep, ScalesTheGradientFirst) {
  torch::manual_seed(1);
  AdamTensors scaled = random_tensors({50});
  AdamTensors plain = scaled;
  for (Tensor* tensor : {&plain.parameter, &plain.mean, &plain.variance}) *tensor = tensor->clone();
  plain.gradient = scaled.gradient * 0.25;
  AdamCoefficients c = coefficients_of(1);
  adam_step({plain}, c);
  c.gradient_scale = 0.25;
  adam_step({scaled}, c);
  EXPECT_TRUE(torch::equal(scaled.mean, plain.mean));
  EXPECT_TRUE(torch::equal(scaled.variance, plain.variance));
  EXPECT_TRUE(torch::equal(scaled.parameter, plain.parameter));
}

TEST(AdamStep, AveragesTheNewWeights) {
  torch::manual_seed(1);
  AdamTensors t = random_tensors({50});
  t.average = torch::randn({50});
  const Tensor before = t.average.to(torch::kFloat64);
  AdamCoefficients c = coefficients_of(1);
  c.average_decay = 0.75;
  adam_step({t}, c);
  expect_close(t.average, 0.75 * before + 0.25 * t.parameter.to(torch::kFloat64), {}, "average");
}

// Decays that as floats are 1: the moments and the average move as slowly as they should.
TEST(AdamStep, MovesWithADecayNextToOne) {
  AdamTensors t{torch::zeros({3}), torch::full({3}, 2.0F), torch::zeros({3}), torch::zeros({3}),
                torch::zeros({3})};
  AdamCoefficients c;
  c.beta1 = c.beta2 = c.average_decay = 0.99999999;
  c.step_size = -1;
  adam_step({t}, c);
  expect_close(t.mean, torch::full({3}, 2e-8, torch::kFloat64), {1e-5, 0}, "mean");
  expect_close(t.variance, torch::full({3}, 4e-8, torch::kFloat64), {1e-5, 0}, "variance");
  expect_close(t.average, 1e-8 * t.parameter.to(torch::kFloat64), {1e-5, 0}, "average");
  EXPECT_GT(t.average[0].item<float>(), 0);
}

// An epsilon below the smallest float still keeps rows without a gradient where they are.
TEST(AdamStep, ATinyEpsilonMakesNoNan) {
  AdamTensors t{torch::ones({4}), torch::zeros({4}), torch::zeros({4}), torch::zeros({4}), {}};
  AdamCoefficients c = coefficients_of(1);
  c.epsilon = 1e-46;
  adam_step({t}, c);
  EXPECT_TRUE(torch::equal(t.parameter, torch::ones({4})));
}

TEST(AdamStep, TakesAGradientOfAnyLayout) {
  torch::manual_seed(1);
  AdamTensors t = random_tensors({6, 4});
  t.gradient = torch::randn({4, 6}).t();
  adam_step({t}, coefficients_of(1));
  expect_close(t.mean, 0.1 * t.gradient.to(torch::kFloat64), {}, "mean");
}

TEST(AdamStep, RefusesTensorsThatDoNotMatch) {
  AdamTensors t = random_tensors({6});
  t.mean = torch::zeros({5});
  EXPECT_THROW(adam_step({t}, coefficients_of(1)), c10::Error);
  AdamTensors wide = random_tensors({6});
  wide.gradient = wide.gradient.to(torch::kFloat64);
  EXPECT_THROW(adam_step({wide}, coefficients_of(1)), c10::Error);
}

TEST(GradientNorm, IsTheNormOfAllTogether) {
  torch::manual_seed(1);
  const std::vector<Tensor> gradients{torch::randn({400, 500}), torch::randn({3}),
                                      torch::randn({5, 4}).t()};
  double squares = 0;
  for (const auto& g : gradients) squares += g.to(torch::kFloat64).square().sum().item<double>();
  const auto norm = [&](int threads) {
    at::set_num_threads(threads);
    return gradient_norm(gradients);
  };
  EXPECT_NEAR(norm(1), std::sqrt(squares), 1e-6 * std::sqrt(squares));
  EXPECT_EQ(norm(1), norm(2));
  EXPECT_EQ(gradient_norm({}), 0);
}

TEST(GradientNorm, ShowsWhatIsNotFinite) {
  Tensor g = torch::ones({100});
  g[50] = std::nan("");
  EXPECT_TRUE(std::isnan(gradient_norm({g})));
  g[50] = INFINITY;
  EXPECT_TRUE(std::isinf(gradient_norm({g})));
}

}  // namespace
}  // namespace weft::kernels

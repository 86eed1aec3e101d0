#include "nn/linear.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>

#include "nn/gradient_check.h"
#include "nn/random_module.h"

namespace weft {
namespace {

TEST(Linear, IsWeightTimesInputPlusBiasOverTheLastDimension) {
  Linear linear(3, 2);
  randomize(*linear, 1);
  const auto input = random_tensor({2, 4, 3}, 2);
  const auto output = linear->forward({}, input);
  ASSERT_EQ(output.sizes(), (std::vector<int64_t>{2, 4, 2}));
  for (int64_t b = 0; b < 2; ++b) {
    for (int64_t t = 0; t < 4; ++t) {
      for (int64_t o = 0; o < 2; ++o) {
        double sum = linear->bias[o].item<double>();
        for (int64_t i = 0; i < 3; ++i)
          sum += linear->weight[o][i].item<double>() * input[b][t][i].item<double>();
        EXPECT_NEAR(output[b][t][o].item<double>(), sum, 1e-12);
      }
    }
  }
}

TEST(Linear, HasNoBiasParameterWithout) {
  Linear linear(3, 2, Bias::kWithout);
  randomize(*linear, 1);
  EXPECT_EQ(linear->parameters().size(), 1);
  EXPECT_FALSE(linear->bias.defined());
  EXPECT_EQ(linear->forward({}, torch::zeros({1, 3}, torch::kFloat64)).abs().max().item<double>(),
            0);
}

TEST(Linear, IsInitializedAsGlorotAndBengioWrite) {
  Linear linear(30, 20);
  torch::manual_seed(1);
  linear->initialize();
  const double bound = std::sqrt(6.0 / 50);
  EXPECT_LE(linear->weight.abs().max().item<double>(), bound);
  EXPECT_NEAR(linear->weight.var().item<double>(), bound * bound / 3, 0.1 * bound * bound / 3);
  EXPECT_EQ(linear->bias.abs().max().item<double>(), 0);
}

TEST(Linear, HasTheGradientsOfItsFunction) {
  Linear linear(3, 2);
  randomize(*linear, 1);
  const auto input = random_tensor({4, 3}, 2).requires_grad_();
  const auto weighting = random_tensor({4, 2}, 3);
  expect_gradients([&] { return (linear->forward({}, input) * weighting).sum(); },
                   {linear->weight, linear->bias, input});
}

}  // namespace
}  // namespace weft

#include "kernels/linear.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "kernels/gradient_compare.h"

namespace weft::kernels {
namespace {

using torch::Tensor;
using Tensors = std::vector<Tensor>;

TEST(Linear, TakesAnInputOfAnyLayout) {
  torch::manual_seed(1);
  const Tensors inputs{torch::randn({20, 6}), torch::randn({7, 20})};
  expect_same_function(
      [](const Tensors& in) { return Tensors{linear(in[0].t(), in[1], {}, Precision::kFloat32)}; },
      [](const Tensors& in) { return Tensors{in[0].t().mm(in[1].t())}; }, inputs);
}

TEST(Linear, SkipsGradientsNobodyWants) {
  const Tensor weight = torch::randn({4, 3}).set_requires_grad(true);
  const Tensor input = torch::randn({2, 3});
  linear(input, weight, {}, Precision::kFloat32).sum().backward();
  EXPECT_TRUE(weight.grad().defined());
  EXPECT_FALSE(input.grad().defined());
}

// One row has the bias' own shape: the sum must not be written into it.
TEST(Linear, OneRowLeavesTheBiasAlone) {
  const torch::NoGradGuard no_grad;
  const Tensor input = torch::ones({1, 3});
  const Tensor bias = torch::ones({4});
  const Tensor output = linear(input, torch::ones({4, 3}), bias, Precision::kFloat32);
  EXPECT_TRUE(torch::equal(output, torch::full({1, 4}, 4.0F)));
  EXPECT_TRUE(torch::equal(bias, torch::ones({4})));
}

TEST(Linear, RefusesAWrongWidth) {
  EXPECT_THROW(linear(torch::zeros({2, 3}), torch::zeros({5, 4}), {}, Precision::kFloat32),
               c10::Error);
}

}  // namespace
}  // namespace weft::kernels

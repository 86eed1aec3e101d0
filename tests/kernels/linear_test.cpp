#include "kernels/linear.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "kernels/gradient_compare.h"
#include "kernels/precisions.h"

namespace weft::kernels {
namespace {

using torch::Tensor;
using Tensors = std::vector<Tensor>;

TensorFunction linear_kernel(Precision precision) {
  return [precision](const Tensors& in) {
    return Tensors{linear(in[0], in[1], in.size() > 2 ? in[2] : Tensor(), precision)};
  };
}

Tensors linear_twin(const Tensors& in) {
  return {torch::linear(in[0], in[1], in.size() > 2 ? in[2] : Tensor())};
}

TEST(Linear, MatchesLibTorch) {
  torch::manual_seed(1);
  for (const int64_t rows : {1, 5, 7, 8, 33, 70}) {
    const Tensors inputs{torch::randn({rows, 3, 20}), torch::randn({45, 20}), torch::randn({45})};
    expect_same_function(linear_kernel(Precision::kFloat32), linear_twin, inputs);
    expect_same_function(linear_kernel(Precision::kFloat32), linear_twin, {inputs[0], inputs[1]});
    expect_repeatable_gradients(linear_kernel(Precision::kFloat32), inputs);
  }
}

TEST(Linear, Bfloat16IsNear) {
  if (!has_products_in(Precision::kBfloat16)) GTEST_SKIP() << no_products_in(Precision::kBfloat16);
  torch::manual_seed(1);
  const Tensors inputs{torch::randn({40, 64}), torch::randn({96, 64}), torch::randn({96})};
  // Factors have 8 bits: errors of 2^-9 each, of random sign.
  expect_same_function(linear_kernel(Precision::kBfloat16), linear_twin, inputs, {0.01, 0});
}

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

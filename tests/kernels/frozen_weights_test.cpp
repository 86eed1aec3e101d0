#include "kernels/frozen_weights.h"

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "kernels/gradient_compare.h"
#include "kernels/linear.h"

namespace weft::kernels {
namespace {

using torch::Tensor;

Tensor product(const Tensor& x, const Tensor& weight, const ProductContext& context = {}) {
  return linear(x, weight, {}, context);
}

TEST(FrozenWeights, GiveTheSameProducts) {
  torch::manual_seed(1);
  const Tensor x = torch::randn({3, 20});
  const Tensor weights = torch::randn({2, 30, 20});
  FrozenWeights frozen;
  for (int call = 0; call < 2; ++call) {
    for (const auto precision : {Precision::kFloat32, Precision::kBfloat16}) {
      if (!has_products_in(precision)) continue;
      for (const Tensor& weight : {weights[0], weights[1], weights[0].slice(0, 0, 10)}) {
        const Tensor expected = product(x, weight, precision);
        EXPECT_TRUE(torch::equal(product(x, weight, {precision, &frozen}), expected));
      }
    }
  }
}

TEST(FrozenWeights, ArePackedOnce) {
  const Tensor x = torch::ones({1, 4});
  Tensor weight = torch::ones({2, 4});
  FrozenWeights frozen;
  const ProductContext context(Precision::kFloat32, &frozen);
  EXPECT_EQ(product(x, weight, context)[0][0].item<float>(), 4);
  weight.fill_(2);  // what nobody may do: it is not seen
  EXPECT_EQ(product(x, weight, context)[0][0].item<float>(), 4);
  EXPECT_EQ(product(x, weight)[0][0].item<float>(), 8);
}

TEST(FrozenWeights, ANewTensorInOldMemoryIsNotMistaken) {
  const Tensor x = torch::ones({1, 4});
  FrozenWeights frozen;
  const ProductContext context(Precision::kFloat32, &frozen);
  for (int i = 1; i < 10; ++i) {
    const Tensor weight = torch::full({2, 4}, static_cast<float>(i));
    EXPECT_EQ(product(x, weight, context)[0][0].item<float>(), static_cast<float>(4 * i));
  }
}

TEST(FrozenWeights, GiveTheSameGradients) {
  torch::manual_seed(2);
  const Tensor weight = torch::randn({30, 20}).requires_grad_();
  const Tensor x = torch::randn({3, 20}).requires_grad_();
  const auto gradient = [&](const Tensor& used, const ProductContext& context = {}) {
    return torch::autograd::grad({product(x, used, context).square().sum()}, {x})[0];
  };
  for (const Tensor& used : {weight, weight.slice(0, 10, 20), weight * 2}) {
    const Tensor expected = gradient(used);
    FrozenWeights frozen;
    for (int call = 0; call < 2; ++call)
      EXPECT_TRUE(torch::equal(gradient(used, {Precision::kFloat32, &frozen}), expected));
  }
}

TEST(FrozenWeights, DoNotKeepAComputedWeight) {
  const Tensor weight = torch::ones({2, 4}).requires_grad_();
  const Tensor x = torch::ones({1, 4});
  FrozenWeights frozen;
  const ProductContext context(Precision::kFloat32, &frozen);
  for (int i = 1; i < 4; ++i)
    EXPECT_EQ(product(x, weight * i, context)[0][0].item<float>(), static_cast<float>(4 * i));
}

}  // namespace
}  // namespace weft::kernels

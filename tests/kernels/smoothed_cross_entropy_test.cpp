#include "kernels/smoothed_cross_entropy.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>

#include "kernels/gradient_compare.h"

namespace weft::kernels {
namespace {

using torch::Tensor;
using Tensors = std::vector<Tensor>;

constexpr double kSmoothing = 0.1;

// Tensors: readout, weight, bias. Output: the loss.
TensorFunction loss_kernel(const Tensor& targets) {
  return [=](const Tensors& in) {
    return Tensors{
        smoothed_cross_entropy({in[0], in[1], in[2], targets}, kSmoothing, Precision::kFloat32)
            .loss};
  };
}

Tensors random_layer(int64_t tokens, int64_t width, int64_t vocabulary) {
  torch::manual_seed(1);
  return {torch::randn({tokens, width}), torch::randn({vocabulary, width}),
          torch::randn({vocabulary})};
}

TEST(SmoothedCrossEntropy, ForwardAloneIsTheSame) {
  const Tensors layer = random_layer(300, 8, 20);
  const Tensor targets = torch::randint(0, 20, {300}, torch::kInt64);
  const Tensor without = loss_kernel(targets)(layer)[0];
  EXPECT_FALSE(without.requires_grad());
  layer[0].set_requires_grad(true);
  const Tensor with = loss_kernel(targets)(layer)[0];
  EXPECT_TRUE(with.requires_grad());
  EXPECT_FLOAT_EQ(without.item<float>(), with.item<float>());
}

TEST(SmoothedCrossEntropy, OnlyPaddingIsZero) {
  const Tensors layer = random_layer(4, 8, 20);
  layer[1].set_requires_grad(true);
  const Tensor loss = loss_kernel(torch::full({4}, -1, torch::kInt64))(layer)[0];
  EXPECT_EQ(loss.item<float>(), 0);
  loss.backward();
  EXPECT_EQ(layer[1].grad().abs().max().item<float>(), 0);
}

TEST(SmoothedCrossEntropy, IsInfiniteBeyondTheRangeOfFloats) {
  // Two tokens of 3e38 each: one alone has its place in a float.
  const Tensor readout = torch::full({2, 1}, 3e38F), weight = torch::tensor({{1.0F}, {0.0F}});
  const Tensor targets = torch::ones({2}, torch::kInt64);
  const Tensors layer{readout, weight, torch::zeros({2})};
  EXPECT_TRUE(std::isinf(loss_kernel(targets)(layer)[0].item<float>()));
  const Tensors first{readout.narrow(0, 0, 1), weight, torch::zeros({2})};
  EXPECT_TRUE(std::isfinite(loss_kernel(targets.narrow(0, 0, 1))(first)[0].item<float>()));
}

TEST(SmoothedCrossEntropy, ThreadsChangeNothing) {
  const Tensor targets = torch::randint(0, 50, {300}, torch::kInt64);
  const auto run = [&](int threads) {
    at::set_num_threads(threads);
    Tensors layer = random_layer(300, 16, 50);
    for (auto& tensor : layer) tensor.set_requires_grad(true);
    loss_kernel(targets)(layer)[0].backward();
    return Tensors{layer[0].grad(), layer[1].grad(), layer[2].grad()};
  };
  const Tensors one = run(1);
  const Tensors two = run(2);
  for (size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(torch::equal(one[i], two[i])) << i;
}

TEST(SmoothedCrossEntropy, RefusesWrongTargets) {
  const Tensors layer = random_layer(2, 8, 20);
  EXPECT_THROW(loss_kernel(torch::tensor({0, 20}, torch::kInt64))(layer), c10::Error);
  EXPECT_THROW(loss_kernel(torch::tensor({0}, torch::kInt64))(layer), c10::Error);
  EXPECT_THROW(loss_kernel(torch::tensor({0, 1}, torch::kInt32))(layer), c10::Error);
}

}  // namespace
}  // namespace weft::kernels

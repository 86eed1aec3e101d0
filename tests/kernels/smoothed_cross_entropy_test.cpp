#include "kernels/smoothed_cross_entropy.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "kernels/gradient_compare.h"
#include "kernels/precisions.h"

namespace weft::kernels {
namespace {

using torch::Tensor;
using Tensors = std::vector<Tensor>;

constexpr double kSmoothing = 0.1;

// Tensors: readout, weight, bias. Outputs: the loss; the log-likelihood is compared apart.
TensorFunction loss_kernel(const Tensor& targets, Precision precision = Precision::kFloat32) {
  return [=](const Tensors& in) {
    return Tensors{
        smoothed_cross_entropy({in[0], in[1], in[2], targets}, kSmoothing, precision).loss};
  };
}

// The definition, over whole logits.
Tensors twin_sums(const Tensors& in, const Tensor& targets, double smoothing) {
  const Tensor log_p = torch::log_softmax(in[0].mm(in[1].t()) + in[2], 1);
  const Tensor counted = (targets >= 0).to(log_p.scalar_type());
  const Tensor nll = -log_p.gather(1, targets.clamp_min(0).unsqueeze(1)).squeeze(1);
  const Tensor loss = (1 - smoothing) * nll - smoothing * log_p.mean(1);
  return {(loss * counted).sum(), (nll * counted).sum()};
}

TensorFunction loss_twin(const Tensor& targets) {
  return [=](const Tensors& in) { return Tensors{twin_sums(in, targets, kSmoothing)[0]}; };
}

Tensors random_layer(int64_t tokens, int64_t width, int64_t vocabulary) {
  torch::manual_seed(1);
  return {torch::randn({tokens, width}), torch::randn({vocabulary, width}),
          torch::randn({vocabulary})};
}

TEST(SmoothedCrossEntropy, WeighsTokensAsTheDefinitionDoes) {
  for (const int64_t tokens : {1, 17, 300}) {
    const Tensors layer = random_layer(tokens, 9, 25);
    const Tensor targets = torch::randint(-1, 25, {tokens}, torch::kInt64);
    const Tensor weights = torch::rand({tokens}) * 3;
    const auto kernel = [&](const Tensors& in) {
      return Tensors{smoothed_cross_entropy({in[0], in[1], in[2], targets, weights}, kSmoothing,
                                            Precision::kFloat32)
                         .loss};
    };
    const auto twin = [&](const Tensors& in) {
      const Tensor log_p = torch::log_softmax(in[0].mm(in[1].t()) + in[2], 1);
      const Tensor nll = -log_p.gather(1, targets.clamp_min(0).unsqueeze(1)).squeeze(1);
      const Tensor loss = (1 - kSmoothing) * nll - kSmoothing * log_p.mean(1);
      return Tensors{(loss * weights * (targets >= 0)).sum()};
    };
    expect_same_function(kernel, twin, layer);
    expect_repeatable_gradients(kernel, layer);
  }
}

TEST(SmoothedCrossEntropy, MatchesTheDefinition) {
  for (const auto& [tokens, width, vocabulary] :
       std::vector<std::array<int64_t, 3>>{{1, 1, 2},
                                           {5, 3, 7},
                                           {7, 9, 25},
                                           {8, 4, 1},
                                           {33, 5, 24},
                                           {17, 8, 100},
                                           {300, 16, 53},
                                           {600, 4, 33}}) {
    const Tensors layer = random_layer(tokens, width, vocabulary);
    const Tensor targets = torch::randint(-1, vocabulary, {tokens}, torch::kInt64);
    expect_same_function(loss_kernel(targets), loss_twin(targets), layer);
    expect_repeatable_gradients(loss_kernel(targets), layer);
  }
}

TEST(SmoothedCrossEntropy, ReportsThePlainLogLikelihood) {
  const Tensors layer = random_layer(40, 8, 100);
  const Tensor targets = torch::randint(-1, 100, {40}, torch::kInt64);
  Tensors wide;
  for (const auto& tensor : layer) wide.push_back(tensor.to(torch::kFloat64));
  for (const double smoothing : {0.0, 0.3}) {
    const auto sums = smoothed_cross_entropy({layer[0], layer[1], layer[2], targets}, smoothing,
                                             Precision::kFloat32);
    const Tensors expected = twin_sums(wide, targets, smoothing);
    expect_close(sums.loss, expected[0], {}, "loss");
    expect_close(sums.negative_log_likelihood, expected[1], {}, "log-likelihood");
    EXPECT_FALSE(sums.negative_log_likelihood.requires_grad());
  }
}

TEST(SmoothedCrossEntropy, Bfloat16IsNear) {
  if (!has_products_in(Precision::kBfloat16)) GTEST_SKIP() << no_products_in(Precision::kBfloat16);
  const Tensors layer = random_layer(300, 32, 200);
  const Tensor targets = torch::randint(-1, 200, {300}, torch::kInt64);
  expect_same_function(loss_kernel(targets, Precision::kBfloat16), loss_twin(targets), layer,
                       {0.02, 0});
}

TEST(SmoothedCrossEntropy, LargeLogitsDoNotOverflow) {
  Tensors layer = random_layer(10, 8, 20);
  layer[1] = layer[1] * 1000;
  const Tensor targets = torch::randint(0, 20, {10}, torch::kInt64);
  expect_same_function(loss_kernel(targets), loss_twin(targets), layer);
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

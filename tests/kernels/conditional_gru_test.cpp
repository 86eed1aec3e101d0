#include "kernels/conditional_gru.h"

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

struct Sizes {
  int64_t batch, steps, hidden, positions, width, annotation_width;
};

Tensor matrix(int64_t rows, int64_t columns) {
  return torch::randn({rows, columns}) / std::sqrt(static_cast<double>(columns));
}

// In the order of ConditionalGruInputs, without its mask.
Tensors conditional_inputs(const Sizes& n) {
  torch::manual_seed(1);
  const int64_t gates = 3 * n.hidden;
  return {torch::randn({n.batch, n.steps, gates}),
          torch::randn({n.batch, n.hidden}),
          matrix(gates, n.hidden),
          torch::randn({gates}),
          matrix(n.width, n.hidden),
          torch::randn({n.batch, n.positions, n.width}),
          torch::randn({n.width}),
          torch::randn({n.batch, n.positions, n.annotation_width}),
          matrix(gates, n.annotation_width),
          torch::randn({gates}),
          matrix(gates, n.hidden),
          torch::randn({gates})};
}

TensorFunction conditional_kernel(const Tensor& mask) {
  return [=](const Tensors& in) {
    const auto out = conditional_gru_sequence({in[0], in[1], in[2], in[3], in[4], in[5], in[6],
                                               in[7], mask, in[8], in[9], in[10], in[11]},
                                              Precision::kFloat32);
    return Tensors{out.states, out.contexts, out.weights};
  };
}

TEST(ConditionalGru, WeightsAreADistributionOverTheTokens) {
  const Tensor mask = triangle_mask(6, 5);
  const Tensor weights = conditional_kernel(mask)(conditional_inputs({6, 3, 8, 5, 4, 6}))[2];
  EXPECT_LT((weights.sum(2) - 1).abs().max().item<float>(), 1e-6F);
  EXPECT_EQ(weights.masked_select(~mask.unsqueeze(1)).abs().max().item<float>(), 0.0F);
}

TEST(ConditionalGru, ForwardAloneIsTheSame) {
  const Tensor mask = triangle_mask(9, 5);
  Tensors in = conditional_inputs({9, 4, 16, 5, 8, 12});
  const Tensors without = conditional_kernel(mask)(in);
  in[6].set_requires_grad(true);
  const Tensors with = conditional_kernel(mask)(in);
  for (size_t i = 0; i < without.size(); ++i) {
    EXPECT_FALSE(without[i].requires_grad());
    EXPECT_TRUE(torch::equal(without[i], with[i]));
  }
}

TEST(ConditionalGru, PaddingChangesNothing) {
  Tensors in = conditional_inputs({3, 4, 8, 5, 6, 7});
  const Tensor mask = torch::ones({3, 5}, torch::kBool);
  const Tensors out = conditional_kernel(mask)(in);
  in[5] = torch::cat({in[5], torch::full({3, 2, 6}, std::nan(""))}, 1);
  in[7] = torch::cat({in[7], torch::full({3, 2, 7}, std::nan(""))}, 1);
  const Tensors padded =
      conditional_kernel(torch::cat({mask, torch::zeros({3, 2}, torch::kBool)}, 1))(in);
  EXPECT_TRUE(torch::equal(padded[0], out[0]));
  EXPECT_TRUE(torch::equal(padded[1], out[1]));
  EXPECT_TRUE(torch::equal(padded[2].slice(2, 0, 5), out[2]));
}

TEST(ConditionalGru, ThreadsChangeNothing) {
  const Tensor mask = triangle_mask(40, 5);
  const auto run = [&](int threads) {
    at::set_num_threads(threads);
    Tensors in = conditional_inputs({40, 4, 16, 5, 8, 12});
    Tensors gradients;
    for (auto& tensor : in) tensor.set_requires_grad(true);
    const Tensors out = conditional_kernel(mask)(in);
    (out[0].square().sum() + out[1].square().sum() + out[2].square().sum()).backward();
    for (auto& tensor : in) gradients.push_back(tensor.grad());
    return gradients;
  };
  const Tensors one = run(1);
  const Tensors two = run(2);
  for (size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(torch::equal(one[i], two[i])) << i;
}

TEST(ConditionalGru, NamesAWrongShape) {
  const Tensor mask = torch::ones({3, 5}, torch::kBool);
  Tensors in = conditional_inputs({3, 4, 8, 5, 6, 7});
  in[6] = torch::randn({5});
  try {
    conditional_kernel(mask)(in);
    FAIL() << "no error";
  } catch (const c10::Error& error) {
    EXPECT_NE(std::string(error.what()).find("energy is [5], expected [6]"), std::string::npos);
  }
}

}  // namespace
}  // namespace weft::kernels

#include "kernels/gru_sequence.h"

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

// Tensors in the order of GruSequence, without its mask.
TensorFunction gru_kernel(const Tensor& mask, Direction direction,
                          Precision precision = Precision::kFloat32) {
  return [=](const Tensors& in) {
    return Tensors{gru_sequence({in[0], in[1], in[2], in[3], mask}, direction, precision)};
  };
}

// LibTorch's own cell, with W = identity so that it takes the gates; masked by hand.
TensorFunction gru_twin(const Tensor& mask, Direction direction) {
  return [=](const Tensors& in) {
    const int64_t steps = in[0].size(1);
    const Tensor identity = torch::eye(in[0].size(2), in[0].options().requires_grad(false));
    const Tensor zero = torch::zeros({in[0].size(2)}, identity.options());
    Tensors states(static_cast<size_t>(steps));
    Tensor state = in[1];
    for (int64_t k = 0; k < steps; ++k) {
      const int64_t t = direction == Direction::kForward ? k : steps - 1 - k;
      const Tensor next = torch::gru_cell(in[0].select(1, t), state, identity, in[2], zero, in[3]);
      state = torch::where(mask.select(1, t).unsqueeze(1), next, state);
      states[static_cast<size_t>(t)] = state;
    }
    return Tensors{torch::stack(states, 1)};
  };
}

Tensors gru_inputs(int64_t batch, int64_t steps, int64_t hidden) {
  torch::manual_seed(1);
  return {torch::randn({batch, steps, 3 * hidden}), torch::randn({batch, hidden}),
          torch::randn({3 * hidden, hidden}) / std::sqrt(static_cast<double>(hidden)),
          torch::randn({3 * hidden})};
}

class GruDirections : public ::testing::TestWithParam<Direction> {};

TEST_P(GruDirections, MatchesLibTorchsCell) {
  for (const auto& [batch, steps, hidden] : std::vector<std::array<int64_t, 3>>{
           {1, 1, 1}, {1, 5, 3}, {3, 1, 8}, {7, 6, 20}, {40, 4, 17}}) {
    const Tensor mask = triangle_mask(batch, steps);
    expect_same_function(gru_kernel(mask, GetParam()), gru_twin(mask, GetParam()),
                         gru_inputs(batch, steps, hidden));
  }
}

// Batches at and about the sizes at which work is cut into parts, and tokens anywhere.
TEST_P(GruDirections, MatchesWhateverTheBatchAndTheMask) {
  for (const int64_t batch : {1, 7, 8, 33}) {
    for (const int64_t steps : {1, 4}) {
      const Tensor mask = torch::rand({batch, steps}) < 0.7;
      const Tensors inputs = gru_inputs(batch, steps, 9 + batch);
      expect_same_function(gru_kernel(mask, GetParam()), gru_twin(mask, GetParam()), inputs);
      expect_repeatable_gradients(gru_kernel(mask, GetParam()), inputs);
    }
  }
}

TEST_P(GruDirections, Bfloat16IsNear) {
  if (!has_products_in(Precision::kBfloat16)) GTEST_SKIP() << no_products_in(Precision::kBfloat16);
  const Tensor mask = triangle_mask(9, 5);
  // Products of two factors with 8 bits each, five steps after one another.
  expect_same_function(gru_kernel(mask, GetParam(), Precision::kBfloat16),
                       gru_twin(mask, GetParam()), gru_inputs(9, 5, 32), {0.02, 0.005});
}

TEST_P(GruDirections, ForwardAloneIsTheSame) {
  const Tensor mask = triangle_mask(9, 5);
  Tensors in = gru_inputs(9, 5, 16);
  const Tensor without = gru_kernel(mask, GetParam())(in)[0];
  EXPECT_FALSE(without.requires_grad());
  in[2].set_requires_grad(true);
  EXPECT_TRUE(torch::equal(without, gru_kernel(mask, GetParam())(in)[0]));
}

TEST_P(GruDirections, PaddingChangesNothing) {
  const Tensors in = gru_inputs(3, 4, 8);
  const Tensor mask = torch::ones({3, 4}, torch::kBool);
  const Tensor states = gru_kernel(mask, GetParam())(in)[0];
  const Tensor nan = torch::full({3, 2, 24}, std::nan(""));
  const Tensor padded_mask = torch::cat({mask, torch::zeros({3, 2}, torch::kBool)}, 1);
  const Tensors padded_in{torch::cat({in[0], nan}, 1), in[1], in[2], in[3]};
  const Tensor padded = gru_kernel(padded_mask, GetParam())(padded_in)[0];
  EXPECT_TRUE(torch::equal(padded.slice(1, 0, 4), states));
}

TEST_P(GruDirections, ThreadsChangeNothing) {
  const Tensor mask = triangle_mask(40, 5);
  const auto run = [&](int threads) {
    at::set_num_threads(threads);
    Tensors in = gru_inputs(40, 5, 24);
    for (auto& tensor : in) tensor.set_requires_grad(true);
    gru_kernel(mask, GetParam())(in)[0].square().sum().backward();
    return Tensors{in[0].grad(), in[1].grad(), in[2].grad(), in[3].grad()};
  };
  const Tensors one = run(1);
  const Tensors two = run(2);
  for (size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(torch::equal(one[i], two[i])) << i;
}

INSTANTIATE_TEST_SUITE_P(GruSequence, GruDirections,
                         ::testing::Values(Direction::kForward, Direction::kBackward));

TEST(GruSequence, RefusesWrongShapes) {
  const Tensors in = gru_inputs(3, 4, 8);
  const Tensor mask = torch::ones({3, 4}, torch::kBool);
  const auto run = [](const GruSequence& sequence) {
    return gru_sequence(sequence, Direction::kForward, Precision::kFloat32);
  };
  EXPECT_NO_THROW(run({in[0], in[1], in[2], in[3], mask}));
  EXPECT_THROW(run({in[0], in[1].t(), in[2], in[3], mask}), c10::Error);
  EXPECT_THROW(run({in[0].slice(2, 0, 20), in[1], in[2], in[3], mask}), c10::Error);
  EXPECT_THROW(run({in[0], in[1], in[2], in[3], mask.t()}), c10::Error);
  EXPECT_THROW(run({in[0], in[1], in[2], in[3], mask.to(torch::kFloat32)}), c10::Error);
}

}  // namespace
}  // namespace weft::kernels

#include "kernels/lstm_sequence.h"

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

// Tensors in the order of LstmSequence, without its mask.
TensorFunction lstm_kernel(const Tensor& mask, Direction direction,
                           Precision precision = Precision::kFloat32) {
  return [=](const Tensors& in) {
    return Tensors{lstm_sequence({in[0], in[1], in[2], in[3], mask}, direction, precision)};
  };
}

// LibTorch's own cell, with W = identity so that it takes the gates; masked by hand.
TensorFunction lstm_twin(const Tensor& mask, Direction direction) {
  return [=](const Tensors& in) {
    const int64_t steps = in[0].size(1);
    const Tensor identity = torch::eye(in[0].size(2), in[0].options().requires_grad(false));
    const Tensor zero = torch::zeros({in[0].size(2)}, identity.options());
    Tensors states(static_cast<size_t>(steps));
    Tensor state = in[1];
    for (int64_t k = 0; k < steps; ++k) {
      const int64_t t = direction == Direction::kForward ? k : steps - 1 - k;
      const auto halves = state.chunk(2, 1);
      const auto [h, c] = torch::lstm_cell(in[0].select(1, t), {halves[0], halves[1]}, identity,
                                           in[2], zero, in[3]);
      state = torch::where(mask.select(1, t).unsqueeze(1), torch::cat({h, c}, 1), state);
      states[static_cast<size_t>(t)] = state;
    }
    return Tensors{torch::stack(states, 1)};
  };
}

Tensors lstm_inputs(int64_t batch, int64_t steps, int64_t hidden) {
  torch::manual_seed(1);
  return {torch::randn({batch, steps, 4 * hidden}), torch::randn({batch, 2 * hidden}),
          torch::randn({4 * hidden, hidden}) / std::sqrt(static_cast<double>(hidden)),
          torch::randn({4 * hidden})};
}

class LstmDirections : public ::testing::TestWithParam<Direction> {};

TEST_P(LstmDirections, MatchesLibTorchsCell) {
  for (const auto& [batch, steps, hidden] : std::vector<std::array<int64_t, 3>>{
           {1, 1, 1}, {1, 5, 3}, {3, 1, 8}, {7, 6, 20}, {40, 4, 17}}) {
    const Tensor mask = triangle_mask(batch, steps);
    expect_same_function(lstm_kernel(mask, GetParam()), lstm_twin(mask, GetParam()),
                         lstm_inputs(batch, steps, hidden));
  }
}

// Batches at and about the sizes at which work is cut into parts, and tokens anywhere.
TEST_P(LstmDirections, MatchesWhateverTheBatchAndTheMask) {
  for (const int64_t batch : {1, 7, 8, 33}) {
    for (const int64_t steps : {1, 4}) {
      const Tensor mask = torch::rand({batch, steps}) < 0.7;
      const Tensors inputs = lstm_inputs(batch, steps, 9 + batch);
      expect_same_function(lstm_kernel(mask, GetParam()), lstm_twin(mask, GetParam()), inputs);
      expect_repeatable_gradients(lstm_kernel(mask, GetParam()), inputs);
    }
  }
}

TEST_P(LstmDirections, Bfloat16IsNear) {
  if (!has_products_in(Precision::kBfloat16)) GTEST_SKIP() << no_products_in(Precision::kBfloat16);
  const Tensor mask = triangle_mask(9, 5);
  // Products of two factors with 8 bits each, five steps after one another.
  expect_same_function(lstm_kernel(mask, GetParam(), Precision::kBfloat16),
                       lstm_twin(mask, GetParam()), lstm_inputs(9, 5, 32), {0.02, 0.005});
}

TEST_P(LstmDirections, ForwardAloneIsTheSame) {
  const Tensor mask = triangle_mask(9, 5);
  Tensors in = lstm_inputs(9, 5, 16);
  const Tensor without = lstm_kernel(mask, GetParam())(in)[0];
  EXPECT_FALSE(without.requires_grad());
  in[2].set_requires_grad(true);
  EXPECT_TRUE(torch::equal(without, lstm_kernel(mask, GetParam())(in)[0]));
}

TEST_P(LstmDirections, PaddingChangesNothing) {
  const Tensors in = lstm_inputs(3, 4, 8);
  const Tensor mask = torch::ones({3, 4}, torch::kBool);
  const Tensor states = lstm_kernel(mask, GetParam())(in)[0];
  const Tensor nan = torch::full({3, 2, 32}, std::nan(""));
  const Tensor padded_mask = torch::cat({mask, torch::zeros({3, 2}, torch::kBool)}, 1);
  const Tensors padded_in{torch::cat({in[0], nan}, 1), in[1], in[2], in[3]};
  const Tensor padded = lstm_kernel(padded_mask, GetParam())(padded_in)[0];
  EXPECT_TRUE(torch::equal(padded.slice(1, 0, 4), states));
}

TEST_P(LstmDirections, ThreadsChangeNothing) {
  const Tensor mask = triangle_mask(40, 5);
  const auto run = [&](int threads) {
    at::set_num_threads(threads);
    Tensors in = lstm_inputs(40, 5, 24);
    for (auto& tensor : in) tensor.set_requires_grad(true);
    lstm_kernel(mask, GetParam())(in)[0].square().sum().backward();
    return Tensors{in[0].grad(), in[1].grad(), in[2].grad(), in[3].grad()};
  };
  const Tensors one = run(1);
  const Tensors two = run(2);
  for (size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(torch::equal(one[i], two[i])) << i;
}

INSTANTIATE_TEST_SUITE_P(LstmSequence, LstmDirections,
                         ::testing::Values(Direction::kForward, Direction::kBackward));

TEST(LstmSequence, RefusesWrongShapes) {
  const Tensors in = lstm_inputs(3, 4, 8);
  const Tensor mask = torch::ones({3, 4}, torch::kBool);
  const auto run = [](const LstmSequence& sequence) {
    return lstm_sequence(sequence, Direction::kForward, Precision::kFloat32);
  };
  EXPECT_NO_THROW(run({in[0], in[1], in[2], in[3], mask}));
  EXPECT_THROW(run({in[0], in[1].t(), in[2], in[3], mask}), c10::Error);
  EXPECT_THROW(run({in[0].slice(2, 0, 24), in[1], in[2], in[3], mask}), c10::Error);
  EXPECT_THROW(run({in[0], in[1], in[2], in[3], mask.t()}), c10::Error);
  EXPECT_THROW(run({in[0], in[1], in[2], in[3], mask.to(torch::kFloat32)}), c10::Error);
}

}  // namespace
}  // namespace weft::kernels

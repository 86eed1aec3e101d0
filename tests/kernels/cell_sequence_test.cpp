#include "kernels/cell_sequence.h"

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

struct Cell {
  const char* name;
  int64_t gates, state_blocks;
  decltype(&gru_sequence) sequence;
};

const Cell kCells[] = {{"gru", 3, 1, gru_sequence}, {"lstm", 4, 2, lstm_sequence}};

class CellSequences : public ::testing::TestWithParam<std::tuple<Cell, Direction>> {
 protected:
  // Tensors in the order of CellSequence, without its mask.
  TensorFunction kernel(const Tensor& mask) const {
    return [=, cell = cell_, direction = direction_](const Tensors& in) {
      return Tensors{
          cell.sequence({in[0], in[1], in[2], in[3], mask}, direction, Precision::kFloat32)};
    };
  }

  Tensors inputs(int64_t batch, int64_t steps, int64_t hidden) const {
    torch::manual_seed(1);
    const int64_t gates = cell_.gates * hidden;
    return {torch::randn({batch, steps, gates}), torch::randn({batch, cell_.state_blocks * hidden}),
            torch::randn({gates, hidden}) / std::sqrt(static_cast<double>(hidden)),
            torch::randn({gates})};
  }

  Cell cell_ = std::get<0>(GetParam());
  Direction direction_ = std::get<1>(GetParam());
};

INSTANTIATE_TEST_SUITE_P(All, CellSequences,
                         ::testing::Combine(::testing::ValuesIn(kCells),
                                            ::testing::Values(Direction::kForward,
                                                              Direction::kBackward)),
                         [](const auto& tested) {
                           return std::get<0>(tested.param).name +
                                  std::string(std::get<1>(tested.param) == Direction::kForward
                                                  ? "_forward"
                                                  : "_backward");
                         });

TEST_P(CellSequences, ForwardAloneIsTheSame) {
  const Tensor mask = triangle_mask(9, 5);
  Tensors in = inputs(9, 5, 16);
  const Tensor without = kernel(mask)(in)[0];
  EXPECT_FALSE(without.requires_grad());
  in[2].set_requires_grad(true);
  EXPECT_TRUE(torch::equal(without, kernel(mask)(in)[0]));
}

TEST_P(CellSequences, PaddingChangesNothing) {
  const Tensors in = inputs(3, 4, 8);
  const Tensor mask = torch::ones({3, 4}, torch::kBool);
  const Tensor states = kernel(mask)(in)[0];
  const Tensor nan = torch::full({3, 2, cell_.gates * 8}, std::nan(""));
  const Tensor padded_mask = torch::cat({mask, torch::zeros({3, 2}, torch::kBool)}, 1);
  const Tensors padded_in{torch::cat({in[0], nan}, 1), in[1], in[2], in[3]};
  const Tensor padded = kernel(padded_mask)(padded_in)[0];
  EXPECT_TRUE(torch::equal(padded.slice(1, 0, 4), states));
}

TEST_P(CellSequences, ThreadsChangeNothing) {
  const Tensor mask = triangle_mask(40, 5);
  const auto run = [&](int threads) {
    at::set_num_threads(threads);
    Tensors in = inputs(40, 5, 24);
    for (auto& tensor : in) tensor.set_requires_grad(true);
    kernel(mask)(in)[0].square().sum().backward();
    return Tensors{in[0].grad(), in[1].grad(), in[2].grad(), in[3].grad()};
  };
  const Tensors one = run(1);
  const Tensors two = run(2);
  for (size_t i = 0; i < one.size(); ++i) EXPECT_TRUE(torch::equal(one[i], two[i])) << i;
}

TEST_P(CellSequences, RefuseWrongShapes) {
  const Tensors in = inputs(3, 4, 8);
  const Tensor mask = torch::ones({3, 4}, torch::kBool);
  const auto run = [&](const CellSequence& sequence) {
    return cell_.sequence(sequence, direction_, Precision::kFloat32);
  };
  EXPECT_NO_THROW(run({in[0], in[1], in[2], in[3], mask}));
  EXPECT_THROW(run({in[0], in[1].t(), in[2], in[3], mask}), c10::Error);
  EXPECT_THROW(run({in[0].slice(2, 0, 20), in[1], in[2], in[3], mask}), c10::Error);
  EXPECT_THROW(run({in[0], in[1], in[2], in[3], mask.t()}), c10::Error);
  EXPECT_THROW(run({in[0], in[1], in[2], in[3], mask.to(torch::kFloat32)}), c10::Error);
}

}  // namespace
}  // namespace weft::kernels

#include "nn/recurrent_cell.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nn/gradient_check.h"
#include "nn/random_module.h"

namespace weft {
namespace {

constexpr int64_t kInputs = 3, kHidden = 4;

class CellTest : public ::testing::TestWithParam<CellType> {
 protected:
  RecurrentCell random_cell(uint64_t seed = 1) const {
    auto cell = make_cell(GetParam(), kInputs, kHidden);
    randomize(*cell, seed);
    return cell;
  }
};

INSTANTIATE_TEST_SUITE_P(Cells, CellTest, ::testing::Values(CellType::kGru, CellType::kLstm),
                         [](const auto& tested) {
                           return tested.param == CellType::kGru ? "Gru" : "Lstm";
                         });

torch::Tensor zero_state(const RecurrentCell& cell, int64_t rows) {
  return torch::zeros({rows, cell->state_width()}, cell->weight_ih.options().requires_grad(false));
}

/// All states of `cell` over `input` [B, S, I], from zero.
torch::Tensor states_of(const RecurrentCell& cell, const torch::Tensor& input,
                        const torch::Tensor& mask, Direction direction) {
  return cell->sequence(cell->project(input), zero_state(cell, input.size(0)), mask, direction);
}

/// PyTorch's bidirectional layer with the weights of two cells.
struct Reference {
  std::shared_ptr<torch::nn::Module> module;
  /// [B, S, I] -> [B, S, 2H], 0 at padding
  std::function<torch::Tensor(const torch::Tensor&, const std::vector<int64_t>&)> outputs;
};

template <typename Layer, typename Options>
Reference make_reference() {
  namespace rnn = torch::nn::utils::rnn;
  Layer layer(Options(kInputs, kHidden).batch_first(true).bidirectional(true));
  return {layer.ptr(), [layer](const torch::Tensor& input, const std::vector<int64_t>& lengths) {
            auto module = layer;
            const auto packed =
                rnn::pack_padded_sequence(input, torch::tensor(lengths), true, false);
            const auto output = std::get<0>(module->forward_with_packed_input(packed));
            return std::get<0>(rnn::pad_packed_sequence(output, true));
          }};
}

Reference reference_layer(CellType type, const RecurrentCell& forward,
                          const RecurrentCell& backward) {
  auto reference = type == CellType::kGru
                       ? make_reference<torch::nn::GRU, torch::nn::GRUOptions>()
                       : make_reference<torch::nn::LSTM, torch::nn::LSTMOptions>();
  reference.module->to(forward->weight_ih.scalar_type());
  torch::NoGradGuard no_grad;
  auto parameters = reference.module->named_parameters();
  for (const auto& item : forward->named_parameters())
    parameters[item.key() + "_l0"].copy_(item.value());
  for (const auto& item : backward->named_parameters())
    parameters[item.key() + "_l0_reverse"].copy_(item.value());
  return reference;
}

TEST_P(CellTest, HasTheShapesItSays) {
  const auto cell = random_cell();
  const int64_t width = GetParam() == CellType::kGru ? kHidden : 2 * kHidden;
  EXPECT_EQ(cell->state_width(), width);
  EXPECT_EQ(cell->hidden(), kHidden);
  for (const int64_t rows : {1, 5}) {
    for (const int64_t length : {1, 6}) {
      const auto input = random_tensor({rows, length, kInputs}, 2);
      const auto mask = torch::ones({rows, length}, torch::kBool);
      const auto states = states_of(cell, input, mask, Direction::kBackward);
      EXPECT_EQ(states.sizes(), (std::vector<int64_t>{rows, length, width}));
      EXPECT_EQ(cell->output(states).sizes(), (std::vector<int64_t>{rows, length, kHidden}));
      EXPECT_EQ(cell->step(cell->project(input.select(1, 0)), zero_state(cell, rows)).sizes(),
                (std::vector<int64_t>{rows, width}));
    }
  }
}

/// Outputs and gradients of both directions against PyTorch's, with padding.
void expect_pytorch(CellType type, const RecurrentCell& forward, const RecurrentCell& backward,
                    double tolerance) {
  const auto dtype = forward->weight_ih.scalar_type();
  const std::vector<int64_t> lengths{2, 5, 1, 4};
  const auto mask = mask_of(lengths, 5);
  const auto input = random_tensor({4, 5, kInputs}, 3).to(dtype).requires_grad_();
  const auto reference = reference_layer(type, forward, backward);
  const auto expected = reference.outputs(input, lengths);
  const auto rightward = forward->output(states_of(forward, input, mask, Direction::kForward));
  const auto leftward = backward->output(states_of(backward, input, mask, Direction::kBackward));
  const auto ours = torch::cat({rightward, leftward}, 2) * mask.unsqueeze(2);
  EXPECT_LT(distance(ours, expected), tolerance);

  const auto weighting = random_tensor({4, 5, 2 * kHidden}, 4).to(dtype);
  const auto expected_gradient =
      torch::autograd::grad({(expected * weighting).sum()}, {input}, {}, /*retain_graph=*/true)[0];
  (expected * weighting).sum().backward();
  input.mutable_grad().reset();
  (ours * weighting).sum().backward();
  EXPECT_LT(distance(input.grad(), expected_gradient), tolerance);
  const auto parameters = reference.module->named_parameters();
  for (const auto& [cell, ending] : {std::pair{forward, "_l0"}, {backward, "_l0_reverse"}}) {
    for (const auto& item : cell->named_parameters()) {
      EXPECT_LT(distance(item.value().grad(), parameters[item.key() + ending].grad()), tolerance)
          << item.key() << ending;
    }
  }
}

TEST_P(CellTest, GivesTheValuesAndGradientsOfPyTorchInDoublePrecision) {
  expect_pytorch(GetParam(), random_cell(1), random_cell(2), 1e-12);
}

TEST_P(CellTest, GivesTheValuesAndGradientsOfPyTorchInSinglePrecision) {
  const auto forward = random_cell(1), backward = random_cell(2);
  forward->to(torch::kFloat32);
  backward->to(torch::kFloat32);
  expect_pytorch(GetParam(), forward, backward, 1e-5);
}

TEST_P(CellTest, StartsFromTheStateItIsGiven) {
  const auto cell = random_cell();
  const auto input = random_tensor({2, 3, kInputs}, 2);
  const auto initial = random_tensor({2, cell->state_width()}, 3);
  const auto gates = cell->project(input);
  const auto states = cell->sequence(gates, initial, mask_of({3, 3}, 3), Direction::kForward);
  auto state = initial;
  for (int64_t t = 0; t < 3; ++t) {
    state = cell->step(gates.select(1, t), state);
    EXPECT_TRUE(torch::equal(states.select(1, t), state)) << "step " << t;
  }
}

TEST_P(CellTest, IsNotChangedByPaddingOnEitherSideBitForBit) {
  const auto cell = random_cell();
  const auto input = random_tensor({2, 3, kInputs}, 2);
  const auto noise = random_tensor({2, 2, kInputs}, 3) * 100;
  const auto padded = torch::cat({noise, input, -noise}, 1);
  const auto tokens = torch::ones({2, 3}, torch::kBool);
  const auto none = torch::zeros({2, 2}, torch::kBool);
  for (const auto direction : {Direction::kForward, Direction::kBackward}) {
    const auto alone = states_of(cell, input, tokens, direction);
    const auto among = states_of(cell, padded, torch::cat({none, tokens, none}, 1), direction);
    EXPECT_TRUE(torch::equal(alone, among.narrow(1, 2, 3)));
    const int64_t last = direction == Direction::kForward ? 2 : 0;
    const int64_t end = direction == Direction::kForward ? 6 : 0;
    EXPECT_TRUE(torch::equal(alone.select(1, last), among.select(1, end)));
  }
}

TEST_P(CellTest, LetsNoGradientThroughPadding) {
  const auto cell = random_cell();
  const auto input = random_tensor({2, 4, kInputs}, 2).requires_grad_();
  states_of(cell, input, mask_of({2, 4}, 4), Direction::kBackward).sum().backward();
  EXPECT_EQ(input.grad()[0].narrow(0, 2, 2).abs().max().item<double>(), 0);
  EXPECT_GT(input.grad()[0][1].abs().max().item<double>(), 0);
}

TEST_P(CellTest, HasTheGradientsOfItsFunction) {
  const auto cell = random_cell();
  const auto input = random_tensor({2, 3, kInputs}, 2).requires_grad_();
  const auto initial = random_tensor({2, cell->state_width()}, 3).requires_grad_();
  const auto weighting = random_tensor({2, 3, cell->state_width()}, 4);
  const auto mask = mask_of({3, 2}, 3);
  auto inputs = cell->parameters();
  inputs.push_back(input);
  inputs.push_back(initial);
  expect_gradients(
      [&] {
        const auto gates = cell->project(input);
        return (cell->sequence(gates, initial, mask, Direction::kForward) * weighting).sum();
      },
      inputs);
}

TEST_P(CellTest, IsInitializedWithOrthogonalRecurrentWeights) {
  auto cell = make_cell(GetParam(), kInputs, kHidden);
  torch::manual_seed(1);
  cell->initialize();
  const int64_t gates = GetParam() == CellType::kGru ? 3 : 4;
  for (const auto& gate : cell->weight_hh.chunk(gates)) {
    EXPECT_LT(distance(gate.matmul(gate.t()), torch::eye(kHidden)), 1e-5);
  }
  const double bound = std::sqrt(6.0 / (kInputs + kHidden));  // Glorot & Bengio 2010, of one gate
  EXPECT_LE(cell->weight_ih.abs().max().item<double>(), bound);
  EXPECT_GT(cell->weight_ih.abs().max().item<double>(), bound / 2);
  auto bias = torch::zeros({gates * kHidden});
  if (GetParam() == CellType::kLstm) bias.narrow(0, kHidden, kHidden).fill_(1);  // forget gate
  EXPECT_TRUE(torch::equal(cell->bias_ih, bias));
  EXPECT_EQ(cell->bias_hh.abs().max().item<double>(), 0);
}

TEST_P(CellTest, LearnsToRememberTheFirstInput) {
  auto cell = make_cell(GetParam(), 1, 8);
  torch::manual_seed(1);
  cell->initialize();
  torch::nn::Linear read(8, 1);
  auto parameters = cell->parameters();
  for (const auto& parameter : read->parameters()) parameters.push_back(parameter);
  torch::optim::Adam optimizer(parameters, torch::optim::AdamOptions(0.02));
  const auto mask = torch::ones({32, 6}, torch::kBool);
  double loss_value = 1;
  for (int step = 0; step < 200; ++step) {
    const auto input = torch::randint(0, 2, {32, 6, 1}).to(torch::kFloat32);
    const auto states = states_of(cell, input, mask, Direction::kForward);
    const auto loss = torch::binary_cross_entropy_with_logits(
        read(cell->output(states.select(1, 5))), input.select(1, 0));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    loss_value = loss.item<double>();
  }
  EXPECT_LT(loss_value, 0.1);  // log 2 = 0.69 without memory
}

}  // namespace
}  // namespace weft

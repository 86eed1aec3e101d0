#include "nn/recurrent_cell.h"

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/rnn.h>
#include <torch/optim/adam.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/enum_names.h"
#include "nn/gradient_check.h"
#include "nn/random_module.h"

namespace weft {
namespace {

constexpr int64_t kInputs = 3, kHidden = 4;

RecurrentCell random_cell(const CellOptions& options, uint64_t seed = 1) {
  auto cell = make_cell(options, kInputs);
  randomize(*cell, seed);
  return cell;
}

CellOptions options_of(CellType type, int64_t transition_depth = 1) {
  return {type, kHidden, transition_depth};
}

std::string name_of(const CellOptions& options) {
  return to_name(options.type) + "_depth_" + std::to_string(options.transition_depth);
}

/// Every cell by itself, and those that can be deep as deep transitions.
std::vector<CellOptions> all_cells() {
  std::vector<CellOptions> cells;
  for (const auto& entry : enum_names(CellType{})) cells.push_back(options_of(entry.value));
  for (const auto type :
       {CellType::kRnn, CellType::kGru, CellType::kLstm, CellType::kLnGru, CellType::kMlstm})
    cells.push_back(options_of(type, 2));
  cells.push_back(options_of(CellType::kGru, 4));
  return cells;
}

class CellTest : public ::testing::TestWithParam<CellOptions> {};

INSTANTIATE_TEST_SUITE_P(Cells, CellTest, ::testing::ValuesIn(all_cells()),
                         [](const auto& tested) { return name_of(tested.param); });

/// Those that PyTorch has a module for.
class PyTorchCellTest : public ::testing::TestWithParam<CellType> {};

INSTANTIATE_TEST_SUITE_P(Cells, PyTorchCellTest,
                         ::testing::Values(CellType::kRnn, CellType::kGru, CellType::kLstm),
                         [](const auto& tested) { return to_name(tested.param); });

torch::Tensor zero_state(const RecurrentCell& cell, int64_t rows) {
  return torch::zeros({rows, cell->state_width()},
                      cell->parameters().front().options().requires_grad(false));
}

/// All states of `cell` over `input` [B, S, I], from zero.
torch::Tensor states_of(const RecurrentCell& cell, const torch::Tensor& input,
                        const torch::Tensor& mask, Direction direction) {
  return cell->sequence({}, cell->project({}, input), zero_state(cell, input.size(0)), mask,
                        direction);
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

Reference make_reference(CellType type) {
  if (type == CellType::kGru) return make_reference<torch::nn::GRU, torch::nn::GRUOptions>();
  if (type == CellType::kLstm) return make_reference<torch::nn::LSTM, torch::nn::LSTMOptions>();
  return make_reference<torch::nn::RNN, torch::nn::RNNOptions>();
}

Reference reference_layer(CellType type, const RecurrentCell& forward,
                          const RecurrentCell& backward) {
  auto reference = make_reference(type);
  reference.module->to(forward->parameters().front().scalar_type());
  torch::NoGradGuard no_grad;
  auto parameters = reference.module->named_parameters();
  for (const auto& item : forward->named_parameters())
    parameters[item.key() + "_l0"].copy_(item.value());
  for (const auto& item : backward->named_parameters())
    parameters[item.key() + "_l0_reverse"].copy_(item.value());
  return reference;
}

TEST_P(CellTest, HasTheShapesItSays) {
  const auto cell = random_cell(GetParam());
  const auto type = GetParam().type;
  const bool has_memory = type == CellType::kLstm || type == CellType::kLnLstm ||
                          type == CellType::kMlstm || type == CellType::kSru;
  const int64_t width = has_memory ? 2 * kHidden : kHidden;
  EXPECT_EQ(cell->state_width(), width);
  EXPECT_EQ(cell->hidden(), kHidden);
  for (const int64_t rows : {1, 5}) {
    for (const int64_t length : {1, 6}) {
      const auto input = random_tensor({rows, length, kInputs}, 2);
      const auto mask = torch::ones({rows, length}, torch::kBool);
      const auto states = states_of(cell, input, mask, Direction::kBackward);
      EXPECT_EQ(states.sizes(), (std::vector<int64_t>{rows, length, width}));
      EXPECT_EQ(cell->output(states).sizes(), (std::vector<int64_t>{rows, length, kHidden}));
      EXPECT_EQ(
          cell->step({}, cell->project({}, input.select(1, 0)), zero_state(cell, rows)).sizes(),
          (std::vector<int64_t>{rows, width}));
    }
  }
}

/// Outputs and gradients of both directions against PyTorch's, with padding.
void expect_pytorch(CellType type, const RecurrentCell& forward, const RecurrentCell& backward,
                    double tolerance) {
  const auto dtype = forward->parameters().front().scalar_type();
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

TEST_P(PyTorchCellTest, GivesTheValuesAndGradientsOfPyTorchInDoublePrecision) {
  const auto options = options_of(GetParam());
  expect_pytorch(GetParam(), random_cell(options, 1), random_cell(options, 2), 1e-12);
}

TEST_P(PyTorchCellTest, GivesTheValuesAndGradientsOfPyTorchInSinglePrecision) {
  const auto options = options_of(GetParam());
  const auto forward = random_cell(options, 1), backward = random_cell(options, 2);
  forward->to(torch::kFloat32);
  backward->to(torch::kFloat32);
  expect_pytorch(GetParam(), forward, backward, 1e-5);
}

TEST_P(CellTest, StartsFromTheStateItIsGiven) {
  const auto cell = random_cell(GetParam());
  const auto input = random_tensor({2, 3, kInputs}, 2);
  const auto initial = random_tensor({2, cell->state_width()}, 3);
  const auto gates = cell->project({}, input);
  const auto states = cell->sequence({}, gates, initial, mask_of({3, 3}, 3), Direction::kForward);
  auto state = initial;
  for (int64_t t = 0; t < 3; ++t) {
    state = cell->step({}, gates.select(1, t), state);
    // The light cells' sequence orders its additions otherwise.
    EXPECT_LT(distance(states.select(1, t), state), 1e-14) << "step " << t;
  }
}

TEST_P(CellTest, IsNotChangedByPaddingOnEitherSideBitForBit) {
  const auto cell = random_cell(GetParam());
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
  const auto cell = random_cell(GetParam());
  const auto input = random_tensor({2, 4, kInputs}, 2).requires_grad_();
  states_of(cell, input, mask_of({2, 4}, 4), Direction::kBackward).sum().backward();
  EXPECT_EQ(input.grad()[0].narrow(0, 2, 2).abs().max().item<double>(), 0);
  EXPECT_GT(input.grad()[0][1].abs().max().item<double>(), 0);
}

TEST_P(CellTest, HasTheGradientsOfItsFunction) {
  const auto cell = random_cell(GetParam());
  const auto input = random_tensor({2, 3, kInputs}, 2).requires_grad_();
  const auto initial = random_tensor({2, cell->state_width()}, 3).requires_grad_();
  const auto weighting = random_tensor({2, 3, cell->state_width()}, 4);
  const auto mask = mask_of({3, 2}, 3);
  auto inputs = cell->parameters();
  inputs.push_back(input);
  inputs.push_back(initial);
  expect_gradients(
      [&] {
        const auto gates = cell->project({}, input);
        return (cell->sequence({}, gates, initial, mask, Direction::kForward) * weighting).sum();
      },
      inputs);
}

TEST_P(PyTorchCellTest, IsInitializedWithOrthogonalRecurrentWeights) {
  auto cell = make_cell(options_of(GetParam()), kInputs);
  torch::manual_seed(1);
  cell->initialize();
  const auto parameters = cell->named_parameters();
  const int64_t gates = cell->gate_width() / kHidden;
  for (const auto& gate : parameters["weight_hh"].chunk(gates)) {
    EXPECT_LT(distance(gate.matmul(gate.t()), torch::eye(kHidden)), 1e-5);
  }
  const double bound = std::sqrt(6.0 / (kInputs + kHidden));  // Glorot & Bengio 2010, of one gate
  EXPECT_LE(parameters["weight_ih"].abs().max().item<double>(), bound);
  EXPECT_GT(parameters["weight_ih"].abs().max().item<double>(), bound / 2);
  auto bias = torch::zeros({gates * kHidden});
  if (GetParam() == CellType::kLstm) bias.narrow(0, kHidden, kHidden).fill_(1);  // forget gate
  EXPECT_TRUE(torch::equal(parameters["bias_ih"], bias));
  EXPECT_EQ(parameters["bias_hh"].abs().max().item<double>(), 0);
}

TEST_P(CellTest, BeginsWithTheOutputItIsGiven) {
  const auto cell = random_cell(GetParam());
  const auto hidden = random_tensor({2, kHidden}, 1).abs();  // an SSRU's outputs are not negative
  const auto state = cell->start(hidden);
  EXPECT_EQ(state.sizes(), (std::vector<int64_t>{2, cell->state_width()}));
  EXPECT_TRUE(torch::equal(cell->output(state), hidden));
}

// The next state depends on the beginning: an SRU's output alone would not carry anything.
TEST_P(CellTest, CarriesOnWhatItBeganWith) {
  const auto cell = random_cell(GetParam());
  const auto gates = cell->project({}, random_tensor({1, kInputs}, 2));
  const auto after = [&](uint64_t seed) {
    return cell->output(cell->step({}, gates, cell->start(random_tensor({1, kHidden}, seed))));
  };
  EXPECT_GT(distance(after(3), after(4)), 1e-3);
}

TEST_P(CellTest, ComputesTheSameInFloat32WithAndWithoutGradients) {
  const auto cell = random_cell(GetParam());
  cell->to(torch::kFloat32);
  const auto input = random_tensor({20, 3, kInputs}, 2).to(torch::kFloat32);
  const auto mask = torch::ones({20, 3}, torch::kBool);
  const auto with = states_of(cell, input, mask, Direction::kForward);
  torch::NoGradGuard no_grad;
  EXPECT_LT(distance(with, states_of(cell, input, mask, Direction::kForward)), 1e-5);
  auto state = zero_state(cell, 20);
  for (int64_t t = 0; t < 3; ++t)
    state = cell->step({}, cell->project({}, input.select(1, t)), state);
  EXPECT_LT(distance(with.select(1, 2), state), 1e-5);
}

// As an update does it: weights packed once, and gradients of weights collected over the steps.
TEST_P(CellTest, HasTheGradientsOfPlainStepsWithinAnUpdate) {
  const auto cell = random_cell(GetParam());
  cell->to(torch::kFloat32);
  const auto input = random_tensor({20, 3, kInputs}, 2).to(torch::kFloat32);
  const auto direction = random_tensor({20, kHidden}, 3).to(torch::kFloat32);
  const auto gradients = [&](const ComputeContext& compute) {
    auto state = zero_state(cell, 20);
    for (int64_t t = 0; t < 3; ++t)
      state = cell->step(compute, cell->project(compute, input.select(1, t)), state);
    (cell->output(state) * direction).sum().backward();
  };
  const auto taken = [&] {
    std::vector<torch::Tensor> all;
    for (auto& parameter : cell->parameters()) {
      all.push_back(parameter.grad().clone());
      parameter.mutable_grad().reset();
    }
    return all;
  };
  gradients(plain_operations());
  const auto expected = taken();
  kernels::FrozenWeights weights;
  kernels::WeightGradients collected;
  gradients({Precision::kFloat32, &weights, &collected});
  collected.finish();
  const auto fast = taken();
  for (std::size_t i = 0; i < fast.size(); ++i)
    EXPECT_LT(distance(fast[i], expected[i]), 1e-4 * (1 + expected[i].abs().max().item<float>()));
}

/// Those that have to learn by themselves, and a deep transition, whose gates must begin open.
class LearningCellTest : public ::testing::TestWithParam<CellOptions> {};

std::vector<CellOptions> learning_cells() {
  auto cells = all_cells();
  std::erase_if(cells, [](const CellOptions& options) { return options.transition_depth > 1; });
  cells.push_back({.type = CellType::kGru, .transition_depth = 4});
  return cells;
}

INSTANTIATE_TEST_SUITE_P(Cells, LearningCellTest, ::testing::ValuesIn(learning_cells()),
                         [](const auto& tested) { return name_of(tested.param); });

// The first input carries a mark: the gates of light cells see nothing but the input.
TEST_P(LearningCellTest, LearnsToRememberTheFirstInput) {
  CellOptions options = GetParam();
  options.hidden = 8;
  auto cell = make_cell(options, 2);
  torch::manual_seed(1);
  cell->initialize();
  torch::nn::Linear read(8, 1);
  auto parameters = cell->parameters();
  for (const auto& parameter : read->parameters()) parameters.push_back(parameter);
  torch::optim::Adam optimizer(parameters, torch::optim::AdamOptions(0.02));
  const auto mask = torch::ones({32, 6}, torch::kBool);
  const auto mark = torch::zeros({32, 6, 1});
  mark.select(1, 0).fill_(1);
  double loss_value = 1;
  for (int step = 0; step < 250; ++step) {
    const auto bits = torch::randint(0, 2, {32, 6, 1}).to(torch::kFloat32);
    const auto states = states_of(cell, torch::cat({bits, mark}, 2), mask, Direction::kForward);
    const auto loss = torch::binary_cross_entropy_with_logits(
        read(cell->output(states.select(1, 5))), bits.select(1, 0));
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    loss_value = loss.item<double>();
  }
  EXPECT_LT(loss_value, 0.1);  // log 2 = 0.69 without memory
}

/// Cells whose products read the state, in training with recurrent dropout of one half.
class DroppingCellTest : public ::testing::TestWithParam<CellOptions> {
 protected:
  RecurrentCell dropping_cell(DropoutKind kind) const {
    auto options = GetParam();
    options.dropout = {0.5, kind};
    return random_cell(options);
  }
};

std::vector<CellOptions> cells_with_products() {
  auto cells = all_cells();
  std::erase_if(cells, [](const CellOptions& options) {
    return options.type == CellType::kSru || options.type == CellType::kSsru;
  });
  return cells;
}

INSTANTIATE_TEST_SUITE_P(Cells, DroppingCellTest, ::testing::ValuesIn(cells_with_products()),
                         [](const auto& tested) { return name_of(tested.param); });

TEST_P(DroppingCellTest, DropsInTrainingAlone) {
  const auto input = random_tensor({2, 5, kInputs}, 2);
  const auto mask = torch::ones({2, 5}, torch::kBool);
  for (const auto kind : {DropoutKind::kVariational, DropoutKind::kPlain}) {
    const auto cell = dropping_cell(kind), plain = random_cell(GetParam());
    const auto run = [&](const RecurrentCell& tested, uint64_t seed) {
      torch::manual_seed(seed);
      return states_of(tested, input, mask, Direction::kForward);
    };
    EXPECT_FALSE(torch::equal(run(cell, 1), run(plain, 1)));
    EXPECT_FALSE(torch::equal(run(cell, 1), run(cell, 2)));
    EXPECT_TRUE(torch::equal(run(cell, 1), run(cell, 1)));
    cell->eval();
    EXPECT_TRUE(torch::equal(run(cell, 1), run(plain, 1)));
  }
}

TEST_P(DroppingCellTest, KeepsOneMaskForASequenceOrDrawsOneForEachStep) {
  const auto input = random_tensor({2, 5, kInputs}, 2);
  const auto initial = random_tensor({2, random_cell(GetParam())->state_width()}, 3);
  for (const auto kind : {DropoutKind::kVariational, DropoutKind::kPlain}) {
    const auto cell = dropping_cell(kind);
    const auto gates = cell->project({}, input);
    torch::manual_seed(5);
    const auto states =
        cell->sequence({}, gates, initial, torch::ones({2, 5}, torch::kBool), Direction::kForward);
    torch::manual_seed(5);
    const auto draw = [&] {
      const auto shape = torch::empty({2, cell->recurrent_mask_width()}, torch::kFloat64);
      return torch::bernoulli(torch::full_like(shape, 0.5)) * 2;
    };
    auto mask = draw();
    auto state = initial;
    for (int64_t t = 0; t < 5; ++t) {
      if (t > 0 && kind == DropoutKind::kPlain) mask = draw();
      state = cell->step({}, gates.select(1, t), state, {mask});
      EXPECT_LT(distance(states.select(1, t), state), 1e-12) << "step " << t;
    }
  }
}

/// Of one transition: a second one reads another state.
std::vector<CellOptions> single_cells_with_products() {
  auto cells = cells_with_products();
  std::erase_if(cells, [](const CellOptions& options) { return options.transition_depth > 1; });
  return cells;
}

class DroppingSingleCellTest : public DroppingCellTest {};

INSTANTIATE_TEST_SUITE_P(Cells, DroppingSingleCellTest,
                         ::testing::ValuesIn(single_cells_with_products()),
                         [](const auto& tested) { return name_of(tested.param); });

// With the whole of h dropped, a product U h is what it would be for h = 0.
TEST_P(DroppingSingleCellTest, MultipliesTheStateWhereAMatrixReadsIt) {
  const auto cell = random_cell(GetParam());
  const auto gates = cell->project({}, random_tensor({2, kInputs}, 2));
  const auto state = random_tensor({2, cell->state_width()}, 3);
  const auto nothing = torch::zeros({2, kHidden}, torch::kFloat64);
  const auto dropped = cell->step({}, gates, state, {nothing});
  auto without = state.clone();
  without.narrow(1, 0, kHidden).zero_();
  auto expected = cell->step({}, gates, without);
  if (cell->state_width() == kHidden && GetParam().type != CellType::kRnn) {
    // (1 - z) ⊙ n + z ⊙ h: what is carried over elementwise is not dropped, and z is a gate in
    // (0, 1).
    const auto carried = (dropped - expected) / state;
    EXPECT_GT(carried.min().item<double>(), 0);
    EXPECT_LT(carried.max().item<double>(), 1);
  } else {
    EXPECT_LT(distance(dropped, expected), 1e-14);
  }
}

}  // namespace
}  // namespace weft

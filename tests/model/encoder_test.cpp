#include "model/encoder.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <array>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "nn/positions.h"
#include "nn/random_module.h"

namespace weft {
namespace {

constexpr int64_t kInputs = 3, kStates = 2, kLength = 5;

Encoder random_encoder(const EncoderOptions& options) {
  Encoder encoder(kInputs, options, DropoutOptions{});
  randomize(*encoder, 1);
  encoder->eval();
  return encoder;
}

/// A GRU of the encoder's over a sentence [S, D], written out: [S, H].
torch::Tensor by_hand(const Encoder& encoder, const std::string& name, const torch::Tensor& input,
                      bool backward) {
  const auto parameters = encoder->named_parameters();
  const auto of = [&](const std::string& part) { return parameters[name + "." + part]; };
  std::vector<torch::Tensor> states(static_cast<std::size_t>(input.size(0)));
  auto h = torch::zeros({kStates}, input.options());
  for (int64_t i = 0; i < input.size(0); ++i) {
    const int64_t t = backward ? input.size(0) - 1 - i : i;
    h = torch::gru_cell(input[t].unsqueeze(0), h.unsqueeze(0), of("weight_ih"), of("weight_hh"),
                        of("bias_ih"), of("bias_hh"))[0];
    states[static_cast<std::size_t>(t)] = h;
  }
  return torch::stack(states);
}

/// One sentence, alone.
EncoderOutput encode(Encoder encoder, const torch::Tensor& sentence) {
  return encoder->forward({}, sentence.unsqueeze(0),
                          torch::ones({1, sentence.size(0)}, torch::kBool));
}

EncoderOptions options_of(EncoderDirection direction, int64_t layers) {
  EncoderOptions options;
  options.hidden = kStates;
  options.layers = layers;
  options.direction = direction;
  return options;
}

class EncoderTest : public ::testing::Test {
 protected:
  torch::Tensor x_ = random_tensor({kLength, kInputs}, 2);
};

TEST_F(EncoderTest, ReadsForwardAlone) {
  auto options = options_of(EncoderDirection::kForward, 2);
  options.residual = true;
  const auto encoder = random_encoder(options);
  const auto below = by_hand(encoder, "forward_0", x_, false);
  const auto expected = below + by_hand(encoder, "forward_1", below, false);
  const auto output = encode(encoder, x_);
  EXPECT_LT(distance(output.states[0], expected), 1e-12);
  EXPECT_LT(distance(output.summary[0], expected.mean(0)), 1e-12);
  EXPECT_LT(distance(output.last[0], (expected - below)[kLength - 1]), 1e-12);
}

TEST_F(EncoderTest, ReadsBackwardAlone) {
  const auto encoder = random_encoder(options_of(EncoderDirection::kBackward, 2));
  const auto expected =
      by_hand(encoder, "forward_1", by_hand(encoder, "forward_0", x_, true), true);
  const auto output = encode(encoder, x_);
  EXPECT_LT(distance(output.states[0], expected), 1e-12);
  EXPECT_LT(distance(output.last[0], expected[0]), 1e-12);
}

/// An LSTM of the encoder's over a sentence [S, D], by LibTorch's: its states [S, H], and h and c
/// at the end.
std::array<torch::Tensor, 3> lstm_by_hand(const Encoder& encoder, const std::string& name,
                                          const torch::Tensor& input, bool backward) {
  const auto parameters = encoder->named_parameters();
  std::vector<torch::Tensor> weights;
  for (const char* part : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"})
    weights.push_back(parameters[name + "." + part]);
  const auto zero = torch::zeros({1, 1, kStates}, input.options());
  const auto read = (backward ? input.flip(0) : input).unsqueeze(1);
  const auto [states, h, c] = torch::lstm(read, {zero, zero}, weights, /*has_biases=*/true,
                                          /*num_layers=*/1, 0.0, /*train=*/false, false, false);
  const auto in_order = states.squeeze(1);
  return {backward ? in_order.flip(0) : in_order, h.flatten(), c.flatten()};
}

TEST_F(EncoderTest, KeepsWhatTheCellsOfEachLayerEndWith) {
  auto options = options_of(EncoderDirection::kBidirectional, 2);
  options.cell = CellType::kLstm;
  Encoder encoder(kInputs, options, DropoutOptions{}, true);
  randomize(*encoder, 1);
  encoder->eval();
  const auto output = encode(encoder, x_);
  ASSERT_EQ(output.layer_states.size(), 2U);
  auto below = x_;
  for (std::size_t layer = 0; layer < 2; ++layer) {
    const auto number = std::to_string(layer);
    const auto [forward, h, c] = lstm_by_hand(encoder, "forward_" + number, below, false);
    const auto [backward, h_back, c_back] =
        lstm_by_hand(encoder, "backward_" + number, below, true);
    EXPECT_LT(distance(output.layer_states[layer][0], torch::cat({h, h_back, c, c_back})), 1e-12);
    below = torch::cat({forward, backward}, 1);
  }
  EXPECT_LT(distance(output.states[0], below), 1e-12);
  EXPECT_TRUE(encode(random_encoder(options), x_).layer_states.empty());
}

TEST_F(EncoderTest, AlternatesInTwoStacksThatMeetAtTheTop) {
  const auto encoder = random_encoder(options_of(EncoderDirection::kAlternating, 2));
  const auto first = by_hand(encoder, "forward_1", by_hand(encoder, "forward_0", x_, false), true);
  const auto second =
      by_hand(encoder, "backward_1", by_hand(encoder, "backward_0", x_, true), false);
  const auto output = encode(encoder, x_);
  EXPECT_LT(distance(output.states[0], torch::cat({first, second}, 1)), 1e-12);
  EXPECT_LT(distance(output.last[0], torch::cat({first[0], second[kLength - 1]})), 1e-12);
}

TEST_F(EncoderTest, IsBidirectionalInItsFirstLayerAlone) {
  const auto encoder = random_encoder(options_of(EncoderDirection::kFirstBidirectional, 2));
  const auto below = torch::cat(
      {by_hand(encoder, "forward_0", x_, false), by_hand(encoder, "backward_0", x_, true)}, 1);
  EXPECT_LT(distance(encode(encoder, x_).states[0], by_hand(encoder, "forward_1", below, false)),
            1e-12);
}

TEST_F(EncoderTest, JoinsPositionsIntoAPyramid) {
  auto options = options_of(EncoderDirection::kForward, 2);
  options.pyramid = 2;
  const auto encoder = random_encoder(options);
  const auto below = by_hand(encoder, "forward_0", x_, false);
  const auto padded = torch::cat({below, torch::zeros({1, kStates}, below.options())});
  const auto output = encode(encoder, x_);
  EXPECT_LT(distance(output.states[0], by_hand(encoder, "forward_1", padded.view({3, -1}), false)),
            1e-12);
  const auto token_weights = torch::tensor(
      {{0.5, 0.5, 0.0, 0.0, 0.0}, {0.0, 0.0, 0.5, 0.5, 0.0}, {0.0, 0.0, 0.0, 0.0, 1.0}},
      torch::kFloat64);
  EXPECT_LT(distance(output.token_weights[0], token_weights), 1e-15);
}

TEST_F(EncoderTest, HasNoRecurrenceOverEmbeddings) {
  EncoderOptions options;
  options.type = EncoderType::kEmbeddings;
  const auto encoder = random_encoder(options);
  EXPECT_TRUE(encoder->parameters().empty());
  const auto states = encode(encoder, x_).states[0];
  for (int64_t t = 0; t < kLength; ++t) {
    for (int64_t i = 0; i < kInputs; ++i) {
      const double angle =
          static_cast<double>(t) / std::pow(10000.0, static_cast<double>(i / 2 * 2) / kInputs);
      const double position = i % 2 == 0 ? std::sin(angle) : std::cos(angle);
      EXPECT_NEAR(states[t][i].item<double>(), std::sqrt(3.0) * x_[t][i].item<double>() + position,
                  1e-12);
    }
  }
}

// Two sentences together, the shorter one padded on its right, are what they are alone.
TEST_F(EncoderTest, DoesNotDependOnPadding) {
  for (const int64_t pyramid : {1, 2, 3}) {
    for (const auto direction :
         {EncoderDirection::kForward, EncoderDirection::kBackward,
          EncoderDirection::kFirstBidirectional, EncoderDirection::kBidirectional}) {
      auto options = options_of(direction, 3);
      options.pyramid = pyramid;
      const auto encoder = random_encoder(options);
      auto short_one = x_.narrow(0, 0, 2);
      const auto both = torch::stack({x_, torch::cat({short_one, torch::ones({3, 3}) * 7})});
      const auto together = Encoder(encoder)->forward({}, both, mask_of({kLength, 2}, kLength));
      const auto alone = encode(encoder, short_one);
      const int64_t annotations = alone.states.size(1);
      EXPECT_LT(distance(together.states[1].narrow(0, 0, annotations), alone.states[0]), 1e-12);
      EXPECT_LT(distance(together.summary[1], alone.summary[0]), 1e-12);
      EXPECT_LT(distance(together.last[1], alone.last[0]), 1e-12);
      EXPECT_EQ(together.mask[1].sum().item<int64_t>(), annotations);
    }
  }
}

TEST_F(EncoderTest, ReadsEachRowOfAGridByItself) {
  auto options = options_of(EncoderDirection::kBidirectional, 1);
  const auto plain = random_encoder(options);
  options.type = EncoderType::kRows;
  const auto rows = random_encoder(options);  // the same numbers
  const auto grid = random_tensor({6, kInputs}, 3);
  auto reader = rows;
  const auto made = reader->forward({}, grid.unsqueeze(0), torch::ones({1, 6}, torch::kBool), 3);
  const auto first = encode(plain, grid.narrow(0, 0, 3)),
             second = encode(plain, grid.narrow(0, 3, 3));
  EXPECT_LT(distance(made.states[0], torch::cat({first.states[0], second.states[0]})), 1e-12);
  EXPECT_LT(distance(made.summary[0], made.states[0].mean(0)), 1e-12);
  EXPECT_FALSE(made.last.defined());
  EXPECT_THROW(reader->forward({}, grid.unsqueeze(0), torch::ones({1, 6}, torch::kBool), 0),
               UserError);
}

TEST_F(EncoderTest, LeavesAnnotationsAsTheyAre) {
  EncoderOptions options;
  options.type = EncoderType::kAnnotations;
  const auto made = encode(random_encoder(options), x_);
  EXPECT_TRUE(torch::equal(made.states[0], x_));
  EXPECT_LT(distance(made.summary[0], x_.mean(0)), 1e-12);
}

}  // namespace
}  // namespace weft

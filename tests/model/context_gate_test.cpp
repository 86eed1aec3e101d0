// The context gate's equations (nn/context_gate.h) in float64, in every place of attention.

#include "nn/context_gate.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <string>

#include "model/decoder.h"
#include "model/readout.h"
#include "model/tiny_model.h"

namespace weft {
namespace {

using torch::Tensor;

constexpr int64_t kEmbedding = 3, kHidden = 4, kAnnotation = 5, kRows = 2;

class ContextGateTest : public ::testing::TestWithParam<ContextGateType> {
 protected:
  DecoderOptions options(AttentionPlace place, CellType cell) const {
    DecoderOptions options;
    options.cell = cell;
    options.hidden = kHidden;
    options.readout = 3;
    options.attention_place = place;
    options.context_gate = GetParam();
    return options;
  }

  /// The factors of the target's and of the source's part.
  std::pair<Tensor, Tensor> factors(const Tensor& z) const {
    const auto one = torch::ones_like(z);
    if (GetParam() == ContextGateType::kSource) return {one, z};
    if (GetParam() == ContextGateType::kTarget) return {z, one};
    return {1 - z, z};
  }

  /// What a decoder's step reads and gives, and its parameters.
  struct Step {
    Tensor y, last;        // y_{i-1}, s_{i-1}
    Tensor context, next;  // c_i, s_i
    torch::OrderedDict<std::string, Tensor> of;
  };

  Step take_step(AttentionPlace place, CellType cell) const {
    const torch::NoGradGuard no_grad;
    AttentionOptions attention;
    attention.width = 4;
    Decoder decoder(kEmbedding, kAnnotation, options(place, cell), attention, DropoutOptions{});
    randomize(*decoder, 1);
    decoder->eval();
    const auto annotations = random_tensor({kRows, 3, kAnnotation}, 2);
    const EncoderOutput source{
        annotations, torch::ones({kRows, 3}, torch::kBool), annotations.mean(1), {}, {}};
    const auto y = random_tensor({kRows, kEmbedding}, 3);
    auto state = decoder->start({}, source);
    const auto memory = decoder->precompute({}, source);
    const auto last = state.layers[0];
    const auto step = decoder->step({}, y, state, memory);
    const auto forced = decoder->forward({}, y.unsqueeze(1), state, memory);
    EXPECT_LT(distance(forced.hidden.select(1, 0), step.output.hidden), 1e-14);
    return {y, last, step.output.context, step.output.hidden, decoder->named_parameters()};
  }
};

INSTANTIATE_TEST_SUITE_P(Types, ContextGateTest,
                         ::testing::Values(ContextGateType::kSource, ContextGateType::kTarget,
                                           ContextGateType::kBoth),
                         [](const auto& tested) { return to_name(tested.param); });

Tensor times(const Tensor& x, const Tensor& matrix) { return x.matmul(matrix.t()); }

Tensor gate(const torch::OrderedDict<std::string, Tensor>& of, const Tensor& y, const Tensor& s,
            const Tensor& c) {
  return torch::sigmoid(times(y, of["context_gate.input.weight"]) +
                        times(s, of["context_gate.state.weight"]) +
                        times(c, of["context_gate.context.weight"]));
}

TEST_P(ContextGateTest, WeighsTheSumsOfAnElmanCellThatAttendsBefore) {
  const auto [y, s, c, next, of] = take_step(AttentionPlace::kBefore, CellType::kRnn);
  const auto [target, source] = factors(gate(of, y, s, c));
  const auto sum = times(y, of["cell.weight_ih"]) + of["cell.bias_ih"] +
                   times(s, of["cell.weight_hh"]) + of["cell.bias_hh"];
  const auto expected = torch::tanh(target * sum + source * times(c, of["context_gates.weight"]));
  EXPECT_LT(distance(next, expected), 1e-14);
}

TEST_P(ContextGateTest, WeighsEachSumOfAGatedUnitThatAttendsBefore) {
  const auto [y, s, c, next, of] = take_step(AttentionPlace::kBefore, CellType::kGru);
  const auto [t, g] = factors(gate(of, y, s, c));
  const auto x = (times(y, of["cell.weight_ih"]) + of["cell.bias_ih"]).chunk(3, 1);
  const auto h = (times(s, of["cell.weight_hh"]) + of["cell.bias_hh"]).chunk(3, 1);
  const auto m = times(c, of["context_gates.weight"]).chunk(3, 1);
  const auto r = torch::sigmoid(t * (x[0] + h[0]) + g * m[0]);
  const auto z = torch::sigmoid(t * (x[1] + h[1]) + g * m[1]);
  const auto n = torch::tanh(t * (x[2] + r * h[2]) + g * m[2]);
  EXPECT_LT(distance(next, (1 - z) * n + z * s), 1e-14);
}

TEST_P(ContextGateTest, WeighsTheSumsOfTheSecondCellWithAttentionBetween) {
  const auto [y, s, c, next, of] = take_step(AttentionPlace::kBetween, CellType::kRnn);
  const auto between = torch::tanh(times(y, of["cell.weight_ih"]) + of["cell.bias_ih"] +
                                   times(s, of["cell.weight_hh"]) + of["cell.bias_hh"]);
  const auto [target, source] = factors(gate(of, y, between, c));
  const auto expected = torch::tanh(
      source * (times(c, of["context_cell.weight_ih"]) + of["context_cell.bias_ih"]) +
      target * (times(between, of["context_cell.weight_hh"]) + of["context_cell.bias_hh"]));
  EXPECT_LT(distance(next, expected), 1e-14);
}

TEST_P(ContextGateTest, WeighsTheSumOfTheReadoutWithAttentionAfter) {
  const torch::NoGradGuard no_grad;
  Readout readout(ReadoutWidths{kHidden, kEmbedding, kAnnotation},
                  options(AttentionPlace::kAfter, CellType::kGru));
  randomize(*readout, 1);
  const auto of = readout->named_parameters();
  const auto s = random_tensor({kRows, kHidden}, 2), y = random_tensor({kRows, kEmbedding}, 3),
             c = random_tensor({kRows, kAnnotation}, 4);
  const auto [target, source] = factors(gate(of, y, s, c));
  const auto sum =
      times(s, of["hidden.weight"]) + of["hidden.bias"] + times(y, of["embedding.weight"]);
  const auto expected = torch::tanh(target * sum + source * times(c, of["context.weight"]));
  EXPECT_LT(distance(readout->forward({}, s, y, c), expected), 1e-14);
}

}  // namespace
}  // namespace weft

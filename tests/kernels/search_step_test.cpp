#include "kernels/search_step.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>

#include "kernels/frozen_weights.h"
#include "kernels/gradient_compare.h"

namespace weft::kernels {
namespace {

using torch::Tensor;

constexpr int64_t kHidden = 24;

Tensor wide(const Tensor& x) { return x.to(torch::kFloat64); }

CellStep random_step(int64_t rows, int64_t gates, int64_t state_parts) {
  torch::manual_seed(1);
  return {torch::randn({rows, gates * kHidden}), torch::randn({rows, state_parts * kHidden}),
          torch::randn({gates * kHidden, kHidden}) / 5, torch::randn({gates * kHidden})};
}

TEST(SearchStep, GruMatchesLibTorchsCell) {
  for (const int64_t rows : {1, 5, 50}) {
    const CellStep s = random_step(rows, 3, 1);
    const auto gates = wide(s.input_gates);
    const Tensor expected = torch::gru_cell(
        gates, wide(s.state), torch::eye(3 * kHidden, gates.options()), wide(s.weight_hh),
        torch::zeros({3 * kHidden}, gates.options()), wide(s.bias_hh));
    expect_close(gru_step(s, Precision::kFloat32), expected, {}, "state");
    if (!has_products_in(Precision::kBfloat16)) continue;
    expect_close(gru_step(s, Precision::kBfloat16), expected, {0.01, 0.005}, "bfloat16 state");
  }
}

TEST(SearchStep, LstmMatchesLibTorchsCell) {
  for (const int64_t rows : {1, 5, 50}) {
    const CellStep s = random_step(rows, 4, 2);
    const auto gates = wide(s.input_gates);
    const auto halves = wide(s.state).chunk(2, 1);
    const auto [h, c] = torch::lstm_cell(
        gates, {halves[0], halves[1]}, torch::eye(4 * kHidden, gates.options()), wide(s.weight_hh),
        torch::zeros({4 * kHidden}, gates.options()), wide(s.bias_hh));
    const Tensor state = s.state.clone();
    expect_close(lstm_step(s, Precision::kFloat32), torch::cat({h, c}, 1), {}, "state");
    EXPECT_TRUE(torch::equal(state, s.state)) << "the old state is not touched";
  }
}

TEST(SearchStep, RefusesWrongShapes) {
  EXPECT_THROW(gru_step(random_step(3, 4, 1), Precision::kFloat32), c10::Error);
  EXPECT_THROW(lstm_step(random_step(3, 4, 1), Precision::kFloat32), c10::Error);
}

AttentionStep random_attention(int64_t sentences, int64_t beam, int64_t positions) {
  torch::manual_seed(1);
  constexpr int64_t kWidth = 17;
  const Tensor lengths = torch::arange(sentences).remainder(positions) + 1;
  return {torch::randn({sentences * beam, kWidth}),
          torch::randn({sentences, positions, kWidth}),
          torch::randn({kWidth}),
          torch::randn({sentences, positions, 40}),
          torch::arange(positions).unsqueeze(0) < lengths.unsqueeze(1),
          torch::arange(sentences * beam).remainder(sentences)};
}

TEST(SearchStep, AttentionMatchesTheEquations) {
  for (const auto& [sentences, beam, positions] :
       std::vector<std::array<int64_t, 3>>{{1, 1, 1}, {1, 5, 7}, {3, 4, 6}, {20, 5, 9}}) {
    const AttentionStep s = random_attention(sentences, beam, positions);
    const auto each = [&s](const Tensor& x) { return x.index_select(0, s.sets); };
    const Tensor energies =
        torch::tanh(wide(s.query).unsqueeze(1) + each(wide(s.keys))).matmul(wide(s.energy));
    const Tensor weights = torch::softmax(energies.masked_fill(~each(s.mask), -INFINITY), 1);
    const Tensor context = weights.unsqueeze(1).bmm(each(wide(s.values))).squeeze(1);
    const auto out = attention_step(s);
    expect_close(out.weights, weights, {}, "weights");
    expect_close(out.context, context, {}, "context");
    EXPECT_EQ((out.weights * ~each(s.mask)).abs().max().item<float>(), 0.0F);
  }
}

TEST(SearchStep, AttentionRefusesQueriesThatBelongToNoSentence) {
  AttentionStep s = random_attention(3, 2, 4);
  s.sets = s.sets.slice(0, 0, 5);
  EXPECT_THROW(attention_step(s), c10::Error);
  s = random_attention(3, 2, 4);
  s.sets[2] = 3;
  EXPECT_THROW(attention_step(s), c10::Error);
}

TEST(SearchStep, RowsDoNotDependOnOneAnotherOrOnThreads) {
  const CellStep all = random_step(50, 3, 1);
  const CellStep few{all.input_gates.slice(0, 3, 6), all.state.slice(0, 3, 6), all.weight_hh,
                     all.bias_hh};
  at::set_num_threads(1);
  const Tensor one = gru_step(all, Precision::kFloat32);
  at::set_num_threads(2);
  EXPECT_TRUE(torch::equal(one, gru_step(all, Precision::kFloat32)));
  EXPECT_TRUE(torch::equal(one.slice(0, 3, 6), gru_step(few, Precision::kFloat32)));
}

}  // namespace
}  // namespace weft::kernels

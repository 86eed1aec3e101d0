#include "kernels/search_step.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

namespace weft::kernels {
namespace {

using torch::Tensor;

constexpr int64_t kHidden = 24;

CellStep random_step(int64_t rows, int64_t gates, int64_t state_parts) {
  torch::manual_seed(1);
  return {torch::randn({rows, gates * kHidden}), torch::randn({rows, state_parts * kHidden}),
          torch::randn({gates * kHidden, kHidden}) / 5, torch::randn({gates * kHidden})};
}

TEST(SearchStep, LeavesTheOldStateAlone) {
  const CellStep s = random_step(5, 4, 2);
  const Tensor state = s.state.clone();
  lstm_step(s, Precision::kFloat32);
  EXPECT_TRUE(torch::equal(state, s.state));
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

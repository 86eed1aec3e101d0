// What must hold for attention however its parts are combined.

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <string>
#include <vector>

#include "config/enum_names.h"
#include "nn/gradient_check.h"
#include "nn/tiny_attention.h"

namespace weft {
namespace {

std::vector<AttentionOptions> combinations() {
  std::vector<AttentionOptions> all;
  for (const auto score : {ScoreType::kAdditive, ScoreType::kDot, ScoreType::kScaledDot,
                           ScoreType::kGeneral, ScoreType::kLocation, ScoreType::kFeedForward}) {
    for (const int64_t heads : {1, 2}) {
      auto options = options_of(score, heads);
      all.push_back(options);
      if (score == ScoreType::kLocation) continue;
      options.normalization = WeightNormalization::kSparsemax;
      options.window = AttentionWindowType::kMonotonic;
      options.coverage = CoverageType::kNeural;
      all.push_back(options);
      options.normalization = WeightNormalization::kEntmax15;
      options.window = AttentionWindowType::kPredictive;
      options.coverage = CoverageType::kLinguistic;
      all.push_back(options);
    }
  }
  return all;
}

std::string name_of(const AttentionOptions& o) {
  return to_name(o.score) + std::to_string(o.heads) + to_name(o.normalization) + to_name(o.window) +
         to_name(o.coverage);
}

class AttentionCombinationTest : public ::testing::TestWithParam<AttentionOptions> {
 protected:
  Attention attention_ = random_attention(GetParam());
  torch::Tensor annotations_ = random_tensor({3, 4, kUnits}, 3);
  torch::Tensor queries_ = random_tensor({3, 3, kUnits}, 4);  // [T, N, Q]
  torch::Tensor mask_ = mask_of({4, 3, 1}, 4);
};

INSTANTIATE_TEST_SUITE_P(Kinds, AttentionCombinationTest, ::testing::ValuesIn(combinations()),
                         [](const auto& tested) { return name_of(tested.param); });

TEST_P(AttentionCombinationTest, GivesDistributionsThatDoNotReadPadding) {
  const auto outputs = steps(attention_, queries_, annotations_, mask_);
  const auto noisy =
      torch::where(mask_.unsqueeze(2), annotations_, torch::full_like(annotations_, 50));
  const auto same = steps(attention_, queries_, noisy, mask_);
  for (std::size_t t = 0; t < outputs.size(); ++t) {
    const auto& weights = outputs[t].weights;
    EXPECT_EQ(weights.masked_select(mask_.logical_not()).abs().sum().item<double>(), 0);
    EXPECT_GE(weights.min().item<double>(), 0);
    const auto sums = weights.sum(1);
    if (GetParam().window == AttentionWindowType::kPredictive) {
      EXPECT_LE(sums.max().item<double>(), 1 + 1e-12);
    } else {
      EXPECT_LT(distance(sums, torch::ones_like(sums)), 1e-12);
    }
    EXPECT_LT(distance(outputs[t].context, same[t].context), 1e-12);
    EXPECT_LT(distance(weights, same[t].weights), 1e-12);
  }
}

TEST_P(AttentionCombinationTest, AnswersAQueryTheSameInEveryCompany) {
  const auto together = steps(attention_, queries_, annotations_, mask_);
  for (int64_t n = 0; n < 3; ++n) {
    const auto length = mask_[n].sum().item<int64_t>();
    const auto alone = steps(attention_, queries_.narrow(1, n, 1),
                             annotations_.narrow(0, n, 1).narrow(1, 0, length),
                             torch::ones({1, length}, torch::kBool));
    for (std::size_t t = 0; t < together.size(); ++t) {
      EXPECT_LT(distance(alone[t].context[0], together[t].context[n]), 1e-12);
      EXPECT_LT(distance(alone[t].weights[0], together[t].weights[n].narrow(0, 0, length)), 1e-12);
    }
  }
}

TEST_P(AttentionCombinationTest, GoesOnFromASelectionOfQueries) {
  const auto before = steps(attention_, queries_, annotations_, mask_);
  const auto rows = torch::tensor({2, 0, 0, 1});
  auto memory = attention_->precompute({}, annotations_, mask_);
  const auto query = random_tensor({3, kUnits}, 6);
  const auto straight = attention_->forward({}, query, before.back().state, memory);
  memory.sets = rows;
  const auto selected = attention_->forward({}, query.index_select(0, rows),
                                            before.back().state.select(rows), memory);
  EXPECT_LT(distance(selected.context, straight.context.index_select(0, rows)), 1e-12);
  EXPECT_LT(distance(selected.weights, straight.weights.index_select(0, rows)), 1e-12);
}

/// Those whose context is the mean of any values: one head, and no prediction that scales it.
bool may_average_values(const AttentionOptions& options) {
  return options.heads == 1 && options.window != AttentionWindowType::kPredictive;
}

TEST_P(AttentionCombinationTest, SaysWhetherItAveragesValues) {
  EXPECT_EQ(attention_->averages_values(), may_average_values(GetParam()));
}

std::vector<AttentionOptions> averaging_combinations() {
  auto all = combinations();
  std::erase_if(all, [](const auto& options) { return !may_average_values(options); });
  return all;
}

class AveragingAttentionTest : public AttentionCombinationTest {};

INSTANTIATE_TEST_SUITE_P(Kinds, AveragingAttentionTest,
                         ::testing::ValuesIn(averaging_combinations()),
                         [](const auto& tested) { return name_of(tested.param); });

TEST_P(AveragingAttentionTest, AveragesMapsOfValues) {
  auto memory = attention_->precompute({}, annotations_, mask_);
  const auto map = random_tensor({kUnits, 5}, 7), shift = random_tensor({5}, 8);
  const auto state = attention_->start(annotations_);
  const auto expected =
      attention_->forward({}, queries_[0], state, memory).context.matmul(map) + shift;
  memory.values = memory.values.matmul(map) + shift;
  EXPECT_LT(distance(attention_->forward({}, queries_[0], state, memory).context, expected), 1e-12);
}

TEST_P(AttentionCombinationTest, HasTheGradientsOfItsFunction) {
  const auto annotations = annotations_.clone().requires_grad_();
  const auto queries = queries_.clone().requires_grad_();
  const auto of_context = random_tensor({3, kUnits}, 8), of_weights = random_tensor({3, 4}, 9);
  auto inputs = attention_->parameters();
  inputs.push_back(queries);
  inputs.push_back(annotations);
  expect_gradients_along_directions(
      [&] {
        auto loss = torch::zeros({}, torch::kFloat64);
        for (const auto& output : steps(attention_, queries, annotations, mask_))
          loss = loss + (output.context * of_context).sum() + (output.weights * of_weights).sum();
        // So that everything is used, whatever the score.
        for (const auto& input : inputs) loss = loss + input.sum() * 0;
        return loss;
      },
      inputs);
}

TEST_P(AttentionCombinationTest, IsInitializedEverywhere) {
  Attention attention(GetParam(), AttentionWidths{kUnits, kUnits});
  {
    torch::NoGradGuard no_grad;
    for (auto& item : attention->parameters()) item.fill_(std::nan(""));
  }
  attention->initialize();
  for (const auto& item : attention->named_parameters())
    EXPECT_TRUE(item.value().isfinite().all().item<bool>()) << item.key();
}

}  // namespace
}  // namespace weft

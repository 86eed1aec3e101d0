#include "nn/hard_attention.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <vector>

#include "nn/tiny_attention.h"

namespace weft {
namespace {

Attention hard_attention(double expected) {
  auto options = options_of(ScoreType::kGeneral);
  options.kind = AttentionKind::kHard;
  options.hard.expected = expected;
  return random_attention(options);
}

struct Source {
  torch::Tensor annotations = random_tensor({2, 3, kUnits}, 1);
  torch::Tensor mask = mask_of({3, 2}, 3);
  torch::Tensor queries = random_tensor({1, 2, kUnits}, 2);
};

TEST(HardAttention, TakesTheHeaviestAnnotationOutsideTraining) {
  const Source source;
  auto attention = hard_attention(0.5);
  attention->eval();
  const auto output = steps(attention, source.queries, source.annotations, source.mask)[0];
  for (int64_t n = 0; n < 2; ++n) {
    const auto best = output.weights[n].argmax().item<int64_t>();
    EXPECT_TRUE(torch::equal(output.context[n], source.annotations[n][best]));
    EXPECT_GT(output.weights[n].min().item<double>(), -1);
    EXPECT_LT(output.weights[n].max().item<double>(), 1);  // what is printed is α
  }
  EXPECT_FALSE(output.sample.log_probability.defined());
}

TEST(HardAttention, DrawsEachAnnotationAsOftenAsItsWeightSays) {
  const Source source;
  auto attention = hard_attention(0);
  constexpr int64_t kDraws = 10000;
  const auto repeat = [](const torch::Tensor& x) {
    return x.narrow(0, 1, 1).expand({kDraws, x.size(1), x.size(2)});
  };
  const auto annotations = repeat(source.annotations);
  const auto mask = source.mask.narrow(0, 1, 1).expand({kDraws, 3});
  const auto query = source.queries.select(1, 1).unsqueeze(1).expand({1, kDraws, kUnits});
  torch::manual_seed(1);
  const auto output = steps(attention, query, annotations, mask)[0];
  const auto weights = output.weights[0];
  EXPECT_EQ(weights[2].item<double>(), 0);  // padding
  for (int64_t j = 0; j < 3; ++j) {
    const auto is_j = output.context.eq(annotations.select(1, j)).all(1);
    const double expected = weights[j].item<double>();
    const double error = std::sqrt(expected * (1 - expected) / kDraws);
    EXPECT_NEAR(is_j.to(torch::kFloat64).mean().item<double>(), expected, 4 * error) << j;
    if (expected == 0) continue;
    const auto log_probability = output.sample.log_probability.masked_select(is_j);
    EXPECT_LT((log_probability - std::log(expected)).abs().max().item<double>(), 1e-12);
  }
  const auto entropy = -(weights * weights.clamp_min(1e-300).log()).sum().item<double>();
  EXPECT_NEAR(output.sample.entropy[0].item<double>(), entropy, 1e-12);
}

// Weights that are no numbers must end in a loss that is none, not in an exception.
TEST(HardAttention, DrawsSomethingByWeightsThatAreNotFinite) {
  const auto nan = std::nan("");
  const auto weights = torch::tensor({{nan, nan, nan}, {0.5, 0.5, 0.0}}, torch::kFloat64);
  const auto choice = draw_position(weights, torch::zeros({2}, torch::kBool));
  const auto log_probability = choice.sample.log_probability;
  EXPECT_TRUE(std::isnan(log_probability[0].item<double>()));
  EXPECT_NEAR(log_probability[1].item<double>(), std::log(0.5), 1e-12);
  EXPECT_EQ(choice.weights[1].sum().item<double>(), 1);
  EXPECT_EQ(best_position(weights).weights[1].sum().item<double>(), 1);
}

// With probability `expected` the contexts of a sentence are means, in all its steps.
TEST(HardAttention, TakesTheMeanForSomeSentences) {
  auto attention = hard_attention(0.3);
  constexpr int64_t kSentences = 4000;
  const auto annotations = random_tensor({kSentences, 3, kUnits}, 1);
  const auto mask = torch::ones({kSentences, 3}, torch::kBool);
  torch::manual_seed(1);
  const auto outputs =
      steps(attention, random_tensor({2, kSentences, kUnits}, 2), annotations, mask);
  const auto is_mean = [&](const AttentionOutput& output) {
    const auto mean = (output.weights.unsqueeze(2) * annotations).sum(1);
    return (output.context - mean).abs().amax(1).lt(1e-12);
  };
  const auto first = is_mean(outputs[0]);
  EXPECT_NEAR(first.to(torch::kFloat64).mean().item<double>(), 0.3, 0.03);
  EXPECT_TRUE(torch::equal(first, is_mean(outputs[1])));
  EXPECT_EQ(outputs[0].sample.log_probability.masked_select(first).abs().max().item<double>(), 0);
}

TEST(HardAttention, WeighsRewardsOfTheWordsThatADrawCanChange) {
  const auto log_likelihood =
      torch::tensor({{-1.0, -2.0, -4.0}, {-3.0, 0.0, 0.0}}, torch::kFloat64);
  const auto mask = mask_of({3, 1}, 3);
  const AttentionSample sample{random_tensor({2, 3}, 1), random_tensor({2, 3}, 2)};
  HardAttentionOptions options;
  options.reward_weight = 0.5;
  options.entropy_weight = 0.25;
  const auto loss =
      hard_attention_loss(sample, {log_likelihood, mask, -1.5}, options).item<double>();
  // What follows each word, less 1.5 nats a word: -7 + 4.5, -6 + 3, -4 + 1.5; -3 + 1.5.
  const auto advantage = torch::tensor({{-2.5, -3.0, -2.5}, {-1.5, 0.0, 0.0}}, torch::kFloat64);
  double expected = 0;
  for (const auto& [n, i] : std::vector<std::pair<int, int>>{{0, 0}, {0, 1}, {0, 2}, {1, 0}}) {
    expected -= (0.5 * advantage[n][i] * sample.log_probability[n][i] + 0.25 * sample.entropy[n][i])
                    .item<double>();
  }
  EXPECT_NEAR(loss, expected, 1e-12);
}

}  // namespace
}  // namespace weft

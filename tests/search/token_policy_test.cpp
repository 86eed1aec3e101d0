#include "search/token_policy.h"

#include <gmock/gmock.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include "search/beam_search.h"
#include "search/excluded_tokens.h"
#include "search/forced_beginnings.h"
#include "search/table_model.h"

namespace weft {
namespace {

using ::testing::ElementsAre;

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Three rows of one step, and what is chosen from them.
class StepChoiceTest : public ::testing::Test {
 protected:
  StepChoice::Candidates best(int64_t count, const std::vector<int64_t>& excluded) {
    return choice_.best(logits_, count, excluded);
  }

  const torch::NoGradGuard no_gradient_;
  HypothesisTree tree_;
  std::vector<OpenHypothesis> rows_{{0}, {1}, {1}};
  StepChoice choice_{tree_, rows_, 0};
  torch::Tensor logits_ = torch::tensor({{1.0F, 4.0F, 3.0F, 2.0F, 0.0F},
                                         {1.0F, 4.0F, 3.0F, 2.0F, 0.0F},
                                         {1.0F, 4.0F, 3.0F, 2.0F, 0.0F}});
  torch::Tensor log_probs_ = logits_[0].log_softmax(0);
};

TEST_F(StepChoiceTest, TakesTheMostProbableTokensOfRowsNobodySpeaksOf) {
  const auto found = best(2, {1});
  EXPECT_TRUE(torch::equal(found.tokens, torch::tensor({{2, 3}, {2, 3}, {2, 3}})));
  EXPECT_TRUE(torch::equal(found.ranks, found.log_probs));
}

TEST_F(StepChoiceTest, TakesAForcedTokenAloneWhateverElseIsSaid) {
  choice_.force(1, 1);
  choice_.prefer(1, torch::full({5}, -kInfinity));
  const auto found = best(2, {1});
  EXPECT_EQ(found.tokens[1][0].item<int64_t>(), 1);
  EXPECT_NEAR(found.log_probs[1][0].item<float>(), log_probs_[1].item<float>(), 1e-6);
  EXPECT_EQ(found.ranks[1][0].item<float>(), found.log_probs[1][0].item<float>());
  EXPECT_EQ(found.ranks[1][1].item<float>(), -kInfinity);
  EXPECT_EQ(found.tokens[0][0].item<int64_t>(), 2) << "other rows stay as they are";
}

TEST_F(StepChoiceTest, RanksByWhatIsPreferredAndKeepsTheProbabilitiesOfTheModel) {
  choice_.prefer(2, torch::tensor({0.0F, 0.0F, 0.0F, 0.0F, 9.0F}));
  choice_.prefer(2, torch::tensor({0.0F, 0.0F, -kInfinity, 0.0F, 0.0F}));
  const auto found = best(3, {1});
  EXPECT_TRUE(torch::equal(found.tokens[2], torch::tensor({4, 3, 0})));
  for (int64_t k = 0; k < 3; ++k) {
    const auto token = found.tokens[2][k].item<int64_t>();
    EXPECT_NEAR(found.log_probs[2][k].item<float>(), log_probs_[token].item<float>(), 1e-6);
  }
  EXPECT_NEAR(found.ranks[2][0].item<float>(), log_probs_[4].item<float>() + 9, 1e-5);
  EXPECT_TRUE(torch::equal(found.tokens[0], torch::tensor({2, 3, 0})));
}

TEST(ExcludedTokensTest, NeverComeAndChangeNoProbability) {
  TableModel model({});
  ExcludedTokens excluded({5, 7});
  for (const auto& hypotheses :
       beam_search(model, source_batch(kSources), decoding(4), {{&excluded}})) {
    ASSERT_EQ(hypotheses.size(), 4);
    for (const auto& hypothesis : hypotheses) {
      for (const auto token : hypothesis.tokens) EXPECT_TRUE(token != 5 && token != 7);
    }
  }
}

TEST(ForcedBeginningsTest, BeginEveryHypothesisAndCostWhatTheModelSays) {
  TableModel model({});
  const std::vector<std::vector<int32_t>> given{{}, {6, 6, 4}, {7}, {5, 5}, {}};
  ForcedBeginnings beginnings(given);
  const auto found = beam_search(model, source_batch(kSources), decoding(3), {{&beginnings}, 0});
  const auto free = beam_search(model, source_batch(kSources), decoding(3));
  for (std::size_t b = 0; b < kSources.size(); ++b) {
    auto source = kSources[b];
    source.push_back(kEndId);
    ASSERT_EQ(found[b].size(), 3);
    for (const auto& hypothesis : found[b]) {
      ASSERT_GE(hypothesis.tokens.size(), given[b].size());
      EXPECT_TRUE(std::equal(given[b].begin(), given[b].end(), hypothesis.tokens.begin()));
      Tokens prefix{kBeginId};
      for (std::size_t i = 0; i < hypothesis.tokens.size(); ++i) {
        const auto token = static_cast<std::size_t>(hypothesis.tokens[i]);
        EXPECT_NEAR(hypothesis.token_log_probs[i], model.log_probs(source, prefix)[token], 1e-4);
        EXPECT_TRUE(torch::equal(hypothesis.attention[static_cast<int64_t>(i)],
                                 torch::tensor(model.attention(source, prefix))));
        prefix.push_back(hypothesis.tokens[i]);
      }
    }
    if (given[b].empty()) {
      EXPECT_EQ(found[b][0].tokens, free[b][0].tokens) << "neighbours";
    }
  }
}

TEST(ForcedBeginningsTest, AreNotCutByTheLengthLimit) {
  TableOptions table;
  table.end_bias = -100;
  TableModel model(table);
  ForcedBeginnings beginnings({std::vector<int32_t>(50, 6)});
  const auto found = beam_search(model, source_batch({{4}}), decoding(2), {{&beginnings}})[0];
  ASSERT_EQ(found.size(), 2);
  EXPECT_EQ(found[0].tokens.size(), 50 + 12);  // 2 source tokens and 10
}

/// Draws tokens instead of taking the best: Gumbel noise on log-probabilities (Gumbel 1954), whose
/// largest is a draw from the distribution.
class Sampling : public TokenPolicy {
 public:
  void apply(StepChoice& choice) override {
    for (int64_t row = 0; row < choice.rows(); ++row)
      choice.prefer(row, -(-torch::rand({8}).log()).log());
  }
};

TEST(TokenPolicy, MayDrawTokens) {
  torch::manual_seed(3);
  TableOptions table;
  table.end_bias = 2;
  TableModel model(table);
  const Tokens source{4, 5, kEndId};
  const auto log_probs = model.log_probs(source, {kBeginId});
  double possible = 0;  // padding and the begin of sentence cannot be drawn
  for (std::size_t v = 0; v < log_probs.size(); ++v) {
    if (v != kPadId && v != kBeginId) possible += std::exp(log_probs[v]);
  }
  Sampling sampling;
  std::map<int32_t, int> drawn;
  constexpr int kDraws = 1500;
  const std::vector<Tokens> sources(kDraws, Tokens{4, 5});
  for (const auto& hypotheses :
       beam_search(model, source_batch(sources), decoding(1), {{&sampling}})) {
    ASSERT_EQ(hypotheses.size(), 1);
    const auto& tokens = hypotheses[0].tokens;
    const auto first = tokens.empty() ? static_cast<int32_t>(kEndId) : tokens[0];
    ++drawn[first];
    EXPECT_NEAR(hypotheses[0].token_log_probs[0], log_probs[static_cast<std::size_t>(first)], 1e-4)
        << "the noise is in no score";
  }
  for (std::size_t v = 0; v < log_probs.size(); ++v) {
    if (v == kPadId || v == kBeginId) continue;
    const double probability = std::exp(log_probs[v]) / possible;
    const double deviation = std::sqrt(kDraws * probability * (1 - probability));
    EXPECT_NEAR(drawn[static_cast<int32_t>(v)], kDraws * probability, 5 * deviation) << v;
  }
}

}  // namespace
}  // namespace weft

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <vector>

#include "model/tiny_model.h"
#include "nn/random_module.h"
#include "search/beam_search.h"
#include "search/step_model.h"

namespace weft {
namespace {

const std::vector<TinyPair> kPairs{{{4, 5, 6, 7}, {4, 5}}, {{6}, {7, 7, 6, 5}}, {{5, 4}, {6}}};

class EnsembleTest : public ::testing::TestWithParam<TinyModel> {
 protected:
  static TranslationModel model(uint64_t seed) {
    auto model = tiny_model(GetParam(), seed);
    model->to(torch::kFloat32);
    return model;
  }

  torch::NoGradGuard no_grad_;
};

INSTANTIATE_TEST_SUITE_P(Kinds, EnsembleTest, ::testing::ValuesIn(all_kinds_of_models()),
                         [](const auto& tested) { return name_of(tested.param); });

TEST_P(EnsembleTest, FindsHypothesesWhoseScoresAndAttentionTheModelGivesWhenForced) {
  auto only = model(3);
  Ensemble ensemble({only});
  // Of several sources, the attention to each can be kept.
  const auto source = static_cast<std::size_t>(GetParam().further_sources);
  const auto found = beam_search(ensemble, tiny_batch(kPairs).source, {4, 1.0, 1.0, true, source});
  for (std::size_t b = 0; b < kPairs.size(); ++b) {
    ASSERT_EQ(found[b].size(), 4);
    for (const auto& hypothesis : found[b]) {
      const std::vector<int64_t> tokens(hypothesis.tokens.begin(), hypothesis.tokens.end());
      const auto batch = tiny_batch({{kPairs[b].first, tokens}});
      const auto forced = only->score(batch);
      const auto steps = static_cast<int64_t>(hypothesis.token_log_probs.size());
      const auto log_probs = forced.log_probs[0].narrow(0, 0, steps).to(torch::kFloat64);
      EXPECT_NEAR(hypothesis.log_prob, log_probs.sum().item<double>(), 1e-4);
      EXPECT_LT(distance(torch::tensor(hypothesis.token_log_probs, torch::kFloat64), log_probs),
                1e-4);
      ASSERT_EQ(hypothesis.attention.defined(), ensemble.has_attention());
      if (ensemble.has_attention()) {
        const auto columns = columns_of(batch.source, source);
        const auto attention = forced.attention[0].narrow(0, 0, steps);
        EXPECT_LT(distance(hypothesis.attention, attention.narrow(1, columns.begin, columns.count)),
                  1e-5);
      }
    }
  }
}

TEST_P(EnsembleTest, TakesTheMeanOfProbabilitiesAndOfAttention) {
  auto first = model(1), second = model(2);
  Ensemble both({first, second}), one({first}), other({second});
  const auto source = tiny_batch(kPairs).source;
  auto states =
      std::vector<SearchState>{both.start(source), one.start(source), other.start(source)};
  for (const int64_t token : {kBeginId, int64_t{5}, int64_t{4}}) {
    const auto tokens = torch::full({3}, token, torch::kInt64);
    const auto mean = both.step(tokens, states[0]);
    const auto a = one.step(tokens, states[1]), b = other.step(tokens, states[2]);
    const auto of_first = a.logits.softmax(1), of_second = b.logits.softmax(1);
    EXPECT_LT(distance(mean.logits.softmax(1), (of_first + of_second) / 2), 1e-6);
    ASSERT_EQ(mean.attention.defined(), both.has_attention());
    if (both.has_attention()) {
      EXPECT_LT(distance(mean.attention, (a.attention + b.attention) / 2), 1e-6);
    }
    EXPECT_GT(distance(of_first.log(), of_second.log()), 0.01);
    states = {mean.state, a.state, b.state};
  }
}

TEST_P(EnsembleTest, OfOneModelTwiceFindsWhatTheModelFinds) {
  auto only = model(3);
  Ensemble one({only}), twice({only, only});
  const auto source = tiny_batch(kPairs).source;
  const auto alone = beam_search(one, source, {3, 1.0, 1.0, true});
  const auto together = beam_search(twice, source, {3, 1.0, 1.0, true});
  for (std::size_t b = 0; b < kPairs.size(); ++b) {
    for (std::size_t k = 0; k < alone[b].size(); ++k) {
      EXPECT_EQ(alone[b][k].tokens, together[b][k].tokens);
      EXPECT_NEAR(alone[b][k].log_prob, together[b][k].log_prob, 1e-4);
    }
  }
}

TEST(Ensemble, NeedsAModel) { EXPECT_THROW(Ensemble({}), c10::Error); }

}  // namespace
}  // namespace weft

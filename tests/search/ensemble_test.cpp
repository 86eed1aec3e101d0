#include "search/ensemble.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <memory>
#include <utility>
#include <vector>

#include "model/tiny_model.h"
#include "nn/random_module.h"
#include "search/beam_search.h"
#include "search/plain_search.h"
#include "search/readings.h"
#include "search/table_model.h"

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
  const auto source = GetParam().sources - 1;
  const auto found = beam_search(ensemble, tiny_batch(kPairs).sources, decoding(4), {{}, source});
  for (std::size_t b = 0; b < kPairs.size(); ++b) {
    ASSERT_EQ(found[b].size(), 4);
    for (const auto& hypothesis : found[b]) {
      const std::vector<int64_t> tokens(hypothesis.tokens.begin(), hypothesis.tokens.end());
      const auto batch = tiny_batch({{kPairs[b].first, tokens}});
      const auto forced = only->score({}, batch);
      const auto steps = static_cast<int64_t>(hypothesis.token_log_probs.size());
      const auto log_probs = forced.log_probs[0].narrow(0, 0, steps).to(torch::kFloat64);
      EXPECT_NEAR(hypothesis.log_prob, log_probs.sum().item<double>(), 1e-4);
      EXPECT_LT(distance(torch::tensor(hypothesis.token_log_probs, torch::kFloat64), log_probs),
                1e-4);
      ASSERT_EQ(hypothesis.attention.defined(), ensemble.has_attention());
      if (ensemble.has_attention()) {
        const auto columns = columns_of(batch.sources, source);
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
  const auto source = tiny_batch(kPairs).sources;
  std::unique_ptr<StepState> states[]{both.start(source), one.start(source), other.start(source)};
  for (const int64_t token : {kBeginId, int64_t{5}, int64_t{4}}) {
    const auto tokens = torch::full({3}, token, torch::kInt64);
    auto mean = both.step(tokens, *states[0]);
    auto a = one.step(tokens, *states[1]), b = other.step(tokens, *states[2]);
    const auto of_first = a.logits.softmax(1), of_second = b.logits.softmax(1);
    EXPECT_LT(distance(mean.logits.softmax(1), (of_first + of_second) / 2), 1e-6);
    ASSERT_EQ(mean.attention.defined(), both.has_attention());
    if (both.has_attention()) {
      EXPECT_LT(distance(mean.attention, (a.attention + b.attention) / 2), 1e-6);
    }
    EXPECT_GT(distance(of_first.log(), of_second.log()), 0.01);
    states[0] = std::move(mean.state);
    states[1] = std::move(a.state);
    states[2] = std::move(b.state);
  }
}

TEST_P(EnsembleTest, WeighsTheMeans) {
  auto first = model(1), second = model(2);
  Ensemble both({first, second}, Precision::kFloat32, {3, 1}), one({first}), other({second});
  const auto source = tiny_batch(kPairs).sources;
  const auto tokens = torch::full({3}, kBeginId, torch::kInt64);
  const auto mean = both.step(tokens, *both.start(source));
  const auto a = one.step(tokens, *one.start(source)), b = other.step(tokens, *other.start(source));
  const auto expected = a.logits.softmax(1) * 0.75 + b.logits.softmax(1) * 0.25;
  EXPECT_LT(distance(mean.logits.softmax(1), expected), 1e-6);
  if (both.has_attention()) {
    EXPECT_LT(distance(mean.attention, a.attention * 0.75 + b.attention * 0.25), 1e-6);
  }
}

TEST_P(EnsembleTest, OfOneModelTwiceFindsWhatTheModelFinds) {
  auto only = model(3);
  Ensemble one({only}), twice({only, only});
  const auto source = tiny_batch(kPairs).sources;
  const auto alone = beam_search(one, source, decoding(3));
  const auto together = beam_search(twice, source, decoding(3));
  for (std::size_t b = 0; b < kPairs.size(); ++b) {
    for (std::size_t k = 0; k < alone[b].size(); ++k) {
      EXPECT_EQ(alone[b][k].tokens, together[b][k].tokens);
      EXPECT_NEAR(alone[b][k].log_prob, together[b][k].log_prob, 1e-4);
    }
  }
}

/// The mean of what the models give when they are forced.
struct ForcedMean {
  std::vector<TranslationModel> models;

  std::vector<float> log_probs(const Tokens& source, const Tokens& prefix) const {
    std::vector<TinyPair> pairs;  // a target for every token that may come
    for (int64_t v = 0; v < kTinyTargetVocabulary; ++v) {
      pairs.push_back({{source.begin(), source.end() - 1}, {prefix.begin() + 1, prefix.end()}});
      pairs.back().second.push_back(v);
    }
    const auto batch = tiny_batch(pairs);
    auto sum = torch::zeros({kTinyTargetVocabulary});
    for (auto model : models)
      sum += model->score({}, batch).log_probs.select(1, static_cast<int64_t>(prefix.size()) - 1).exp();
    const auto mean = (sum / static_cast<double>(models.size())).log().contiguous();
    return {mean.data_ptr<float>(), mean.data_ptr<float>() + mean.numel()};
  }
};

TEST(Ensemble, OfSeveralModelsFindsWhatPlainLoopsFind) {
  const torch::NoGradGuard no_grad;
  ForcedMean mean;
  for (const uint64_t seed : {1, 2, 3}) {
    mean.models.push_back(tiny_model({}, seed));
    mean.models.back()->to(torch::kFloat32);
  }
  Ensemble ensemble(mean.models);
  const auto options = decoding(3, 1, 0);
  const auto found = beam_search(ensemble, tiny_batch(kPairs).sources, options);
  for (std::size_t b = 0; b < kPairs.size(); ++b)
    expect_same(found[b], plain_beam_search(mean, kPairs[b].first, options), 1);
}

TEST(Ensemble, NeedsAModel) { EXPECT_THROW(Ensemble({}), c10::Error); }

EncodedLine encoded(const std::vector<Span>& spans) {
  EncodedLine line;
  for (std::size_t i = 0; i < spans.size(); ++i) line.ids.push_back(4);
  line.spans = spans;
  return line;
}

TEST(PartsIn, AreSharedOutByBytes) {
  // "abcdef gh" as abcd|ef| gh, as ab|cdef g|h, and with a token of no bytes.
  const auto parts =
      parts_in(encoded({{0, 4}, {4, 6}, {6, 9}, {9, 9}}), encoded({{0, 2}, {2, 8}, {8, 9}}));
  const auto expected = torch::tensor({{0.5F, 0.5F, 0.0F, 0.0F},
                                       {0.0F, 1.0F, 0.0F, 0.0F},
                                       {0.0F, 2 / 3.0F, 1 / 3.0F, 0.0F},
                                       {0.0F, 0.0F, 0.0F, 1.0F},
                                       {0.0F, 0.0F, 0.0F, 1.0F}});
  EXPECT_LT(distance(parts, expected), 1e-6);
}

TEST(EnsembleOfReadings, AttendsToWhatTheFirstModelReads) {
  const torch::NoGradGuard no_grad;
  const TinyModel kind;
  auto first = tiny_model(kind, 1), second = tiny_model(kind, 2);
  first->to(torch::kFloat32);
  second->to(torch::kFloat32);
  // The second reads two tokens where the first reads three; its second is all of the others.
  const auto one = source_batch({{4, 5, 6}, {7, 8, 4}}), other = source_batch({{6, 7}, {5, 5}});
  SourceBatch both{one[0], other[0]};
  both[1].onto_first =
      torch::tensor(
          {{1.0F, 0.0F, 0.0F, 0.0F}, {0.0F, 0.25F, 0.75F, 0.0F}, {0.0F, 0.0F, 0.0F, 1.0F}})
          .expand({2, 3, 4});
  Ensemble together({first, second}, Precision::kFloat32, {}, {0, 1});
  Ensemble of_first({first}), of_second({second});
  const auto tokens = torch::full({2}, kBeginId, torch::kInt64);
  const auto mean = together.step(tokens, *together.start(both));
  const auto a = of_first.step(tokens, *of_first.start(one)),
             b = of_second.step(tokens, *of_second.start(other));
  EXPECT_LT(distance(mean.logits.softmax(1), (a.logits.softmax(1) + b.logits.softmax(1)) / 2),
            1e-6);
  const auto moved = torch::bmm(b.attention.unsqueeze(1), both[1].onto_first).squeeze(1);
  EXPECT_LT(distance(mean.attention, (a.attention + moved) / 2), 1e-6);
}

}  // namespace
}  // namespace weft

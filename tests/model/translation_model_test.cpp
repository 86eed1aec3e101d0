#include "model/translation_model.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <memory>
#include <vector>

#include "model/tiny_model.h"
#include "nn/gradient_check.h"
#include "nn/random_module.h"

namespace weft {
namespace {

const std::vector<TinyPair> kPairs{{{4, 5, 6, 7}, {4, 5}}, {{6}, {7, 7, 6, 5}}, {{5, 4}, {6}}};

class TranslationModelTest : public ::testing::TestWithParam<TinyModel> {
 protected:
  /// How many sources the model reads of those that a batch has.
  static std::size_t sources() { return GetParam().sources; }
  /// Columns of its attention: the tokens of all sources.
  static int64_t columns(const SourceBatch& source) {
    const auto last = columns_of(source, sources() - 1);
    return last.begin + last.count;
  }

  TranslationModel model_ = tiny_model(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Kinds, TranslationModelTest, ::testing::ValuesIn(all_kinds_of_models()),
                         [](const auto& tested) { return name_of(tested.param); });

TEST_P(TranslationModelTest, HasTheShapesItSaysAlsoForOneTokenAndOneSentence) {
  for (const auto& pairs : {kPairs, {{{}, {}}}}) {
    const auto batch = tiny_batch(pairs);
    const auto rows = static_cast<int64_t>(pairs.size());
    const int64_t source = columns(batch.sources), target = batch.target_input.size(1);
    const auto forced = model_->force({}, batch);
    EXPECT_EQ(forced.readout.sizes(),
              (std::vector<int64_t>{rows, target, tiny_options(GetParam()).decoder.readout}));
    ASSERT_EQ(forced.attention.defined(), model_->has_attention());
    if (model_->has_attention()) {
      EXPECT_EQ(forced.attention.sizes(), (std::vector<int64_t>{rows, target, source}));
    }
    const auto encoded = model_->encode({}, batch.sources);
    const auto options = tiny_options(GetParam());
    const int64_t width = annotation_width(options, {SourceKind::kText});
    EXPECT_EQ(encoded.states.sizes(), (std::vector<int64_t>{rows, encoded.mask.size(1), width}));
    EXPECT_EQ(encoded.summary.sizes(), (std::vector<int64_t>{rows, width}));
    const auto begun = model_->start({}, batch.sources);
    const auto step = model_->step({}, batch.target_input.select(1, 0), begun.state, begun.memory);
    EXPECT_EQ(step.logits.sizes(), (std::vector<int64_t>{rows, kTinyTargetVocabulary}));
    ASSERT_EQ(step.attention.defined(), model_->has_attention());
    if (model_->has_attention()) {
      EXPECT_EQ(step.attention.sizes(), (std::vector<int64_t>{rows, source}));
    }
  }
}

TEST_P(TranslationModelTest, ScoresAPairTheSameInEveryCompanyAndWithAnyPadding) {
  for (const int64_t padding : {0, 3}) {
    const auto batch = tiny_batch(kPairs, padding);
    const auto together = model_->score({}, batch);
    for (std::size_t i = 0; i < kPairs.size(); ++i) {
      const auto row = static_cast<int64_t>(i);
      const auto only = tiny_batch({kPairs[i]});
      const auto alone = model_->score({}, only);
      const int64_t target = alone.log_probs.size(1);
      EXPECT_LT(distance(together.log_probs[row].narrow(0, 0, target), alone.log_probs[0]), 1e-12);
      EXPECT_EQ(together.log_probs[row].slice(0, target).abs().sum().item<double>(), 0);
      if (!model_->has_attention()) continue;
      for (std::size_t k = 0; k < sources(); ++k) {
        const auto [begin, count] = columns_of(only.sources, k);
        const auto [batch_begin, batch_count] = columns_of(batch.sources, k);
        const auto attention =
            together.attention[row].narrow(0, 0, target).narrow(1, batch_begin, batch_count);
        EXPECT_LT(
            distance(attention.narrow(1, 0, count), alone.attention[0].narrow(1, begin, count)),
            1e-12);
        EXPECT_EQ(attention.slice(1, count).abs().sum().item<double>(), 0);
      }
    }
  }
}

TEST_P(TranslationModelTest, HasTheLossOfItsSentencesTogetherWhateverThePadding) {
  const auto together = model_->forward({}, tiny_batch(kPairs, 2), {0.2});
  double loss = 0, likelihood = 0, score = 0;
  for (const auto& pair : kPairs) {
    const auto alone = model_->forward({}, tiny_batch({pair}), {0.2});
    loss += alone.loss.item<double>();
    likelihood += alone.negative_log_likelihood.item<double>();
    score += model_->score({}, tiny_batch({pair})).log_probs.sum().item<double>();
  }
  EXPECT_NEAR(together.loss.item<double>(), loss, 1e-11);
  EXPECT_NEAR(together.negative_log_likelihood.item<double>(), likelihood, 1e-11);
  EXPECT_NEAR(likelihood, -score, 1e-11);
}

TEST_P(TranslationModelTest, DecodesStepByStepWhatItScoresAtOnce) {
  const auto batch = tiny_batch(kPairs);
  const auto scores = model_->score({}, batch);
  auto [memory, state] = model_->start({}, batch.sources);
  for (int64_t i = 0; i < batch.target_input.size(1); ++i) {
    auto step = model_->step({}, batch.target_input.select(1, i), state, memory);
    const auto of_target = step.logits.log_softmax(1)
                               .gather(1, batch.target_output.select(1, i).unsqueeze(1))
                               .squeeze(1);
    const auto tokens = batch.target_mask.select(1, i);
    EXPECT_LT(
        distance(of_target.masked_fill(tokens.logical_not(), 0), scores.log_probs.select(1, i)),
        1e-12)
        << "step " << i;
    if (model_->has_attention()) {
      EXPECT_LT(distance(step.attention, scores.attention.select(1, i)), 1e-12) << "step " << i;
    }
    state = std::move(step.state);
  }
}

// Which kernels there are depends on the kind of model; in float32 they must all be taken rightly.
TEST_P(TranslationModelTest, ComputesWithTheKernelsWhatItComputesWithout) {
  model_->to(torch::kFloat32);
  const auto batch = tiny_batch(kPairs);
  const auto score = [&](bool plain) {
    return model_->score(plain ? plain_operations() : ComputeContext(), batch);
  };
  const auto expected = score(true), scores = score(false);
  EXPECT_LT(distance(scores.log_probs, expected.log_probs), 1e-5);
  if (model_->has_attention()) {
    EXPECT_LT(distance(scores.attention, expected.attention), 1e-5);
  }
  const torch::NoGradGuard no_grad;
  auto [memory, state] = model_->start({}, batch.sources);
  for (int64_t i = 0; i < batch.target_input.size(1); ++i) {
    auto step = model_->step({}, batch.target_input.select(1, i), state, memory);
    const auto log_probs = step.logits.log_softmax(1)
                               .gather(1, batch.target_output.select(1, i).unsqueeze(1))
                               .squeeze(1);
    const auto tokens = batch.target_mask.select(1, i);
    EXPECT_LT(
        distance(log_probs.masked_fill(tokens.logical_not(), 0), expected.log_probs.select(1, i)),
        1e-5)
        << "step " << i;
    if (model_->has_attention()) {
      EXPECT_LT(distance(step.attention, expected.attention.select(1, i)), 1e-5) << "step " << i;
    }
    state = std::move(step.state);
  }
}

TEST_P(TranslationModelTest, DropsRecurrentConnectionsWithTheKernelsAndWithout) {
  auto options = tiny_options(GetParam());
  options.dropout = {0, 0, 0, 0, 0, 0.4};
  auto dropping = model_with(GetParam(), options);
  randomize(*dropping, 1);
  dropping->to(torch::kFloat32);
  const auto force = [&](bool plain) {
    torch::manual_seed(1);
    return dropping->force(plain ? plain_operations() : ComputeContext(), tiny_batch(kPairs))
        .readout;
  };
  EXPECT_LT(distance(force(false), force(true)), 1e-5);
}

TEST_P(TranslationModelTest, GoesOnFromASelectionOfHypotheses) {
  const auto batch = tiny_batch(kPairs);
  const auto begun = model_->start({}, batch.sources);
  // As many hypotheses as there happen to be of each sentence, in any order; then each alone.
  const auto hypotheses = torch::tensor({2, 2, 0, 2}, torch::kInt64);
  const auto tokens = torch::tensor({4, 5, 6, 7}, torch::kInt64);
  const auto together =
      model_->step({}, tokens, begun.state.select(hypotheses), begun.memory.read_by(hypotheses));
  for (int64_t n = 0; n < 4; ++n) {
    const auto row = hypotheses.narrow(0, n, 1);
    const auto alone = model_->step({}, tokens.narrow(0, n, 1), begun.state.select(row),
                                    begun.memory.read_by(row));
    EXPECT_LT(distance(together.logits[n], alone.logits[0]), 1e-12) << n;
    if (model_->has_attention()) {
      EXPECT_LT(distance(together.attention[n], alone.attention[0]), 1e-12) << n;
    }
    for (std::size_t layer = 0; layer < alone.state.layers.size(); ++layer)
      EXPECT_LT(distance(together.state.layers[layer][n], alone.state.layers[layer][0]), 1e-12);
  }
}

TEST_P(TranslationModelTest, HasTheGradientsOfItsLoss) {
  const auto batch = tiny_batch({{{4, 5}, {6}}, {{7}, {5, 4}}});
  torch::manual_seed(1);
  expect_gradients_along_directions([&] { return model_->forward({}, batch, {0.1}).loss; },
                                    model_->parameters());
}

TEST_P(TranslationModelTest, DropsOutInTrainingAlone) {
  auto options = tiny_options(GetParam());
  options.dropout = {0.4, 0.4, 0.4, 0.4, 0.4};
  auto dropping = model_with(GetParam(), options);
  randomize(*dropping, 1);
  const auto batch = tiny_batch(kPairs);
  dropping->eval();
  EXPECT_TRUE(torch::equal(dropping->force({}, batch).readout, model_->force({}, batch).readout));
  dropping->train();
  torch::manual_seed(1);
  const auto first = dropping->force({}, batch).readout;
  EXPECT_FALSE(torch::equal(first, dropping->force({}, batch).readout));
  torch::manual_seed(1);
  EXPECT_TRUE(torch::equal(first, dropping->force({}, batch).readout));
}

TEST_P(TranslationModelTest, IsInitializedEverywhereAndPredictsAlmostUniformly) {
  auto model = model_with(GetParam(), tiny_options(GetParam()));
  {
    torch::NoGradGuard no_grad;
    for (auto& parameter : model->parameters()) parameter.fill_(std::nan(""));
  }
  torch::manual_seed(1);
  model->initialize();
  for (const auto& item : model->named_parameters())
    EXPECT_TRUE(item.value().isfinite().all().item<bool>()) << item.key();
  const auto result = model->forward({}, tiny_batch(kPairs), {});
  EXPECT_NEAR(result.negative_log_likelihood.item<double>() / 10, std::log(8),
              0.8);  // 10 target tokens
}

TEST(TranslationModel, DropsOutEachPlaceItNames) {
  using Field = double DropoutOptions::*;
  for (const Field field :
       {&DropoutOptions::embedding, &DropoutOptions::hidden, &DropoutOptions::readout,
        &DropoutOptions::source_word, &DropoutOptions::target_word, &DropoutOptions::recurrent}) {
    auto options = tiny_options({});
    options.dropout = {0, 0, 0, 0, 0, 0, DropoutKind::kPlain};
    TranslationModel plain(options,
                           VocabularySizes{{{kTinySourceVocabulary}}, kTinyTargetVocabulary});
    options.dropout.*field = 0.6;
    TranslationModel dropping(options,
                              VocabularySizes{{{kTinySourceVocabulary}}, kTinyTargetVocabulary});
    randomize(*plain, 1);
    randomize(*dropping, 1);
    const auto batch = tiny_batch(kPairs);
    EXPECT_FALSE(torch::equal(plain->force({}, batch).readout, dropping->force({}, batch).readout));
  }
}

TEST(TranslationModel, DropsOutByTheKindItNames) {
  const auto force = [](DropoutKind kind) {
    auto options = tiny_options({});
    options.dropout = {0.5, 0, 0, 0, 0, 0, kind};
    TranslationModel model(options,
                           VocabularySizes{{{kTinySourceVocabulary}}, kTinyTargetVocabulary});
    randomize(*model, 1);
    torch::manual_seed(1);
    return model->force({}, tiny_batch(kPairs)).readout;
  };
  EXPECT_FALSE(torch::equal(force(DropoutKind::kVariational), force(DropoutKind::kPlain)));
  EXPECT_TRUE(torch::equal(force(DropoutKind::kPlain), force(DropoutKind::kPlain)));
}

TEST(TranslationModel, SharesTheMatricesThatAreTied) {
  const auto names = [](EmbeddingTying tying) {
    TinyModel tiny;
    tiny.tying = tying;
    const auto model = tiny_model(tiny);
    const auto parameters = model->named_parameters();
    return std::pair{parameters.contains("source_embedding"), parameters.contains("output_weight")};
  };
  EXPECT_EQ(names(EmbeddingTying::kNone), (std::pair{true, true}));
  EXPECT_EQ(names(EmbeddingTying::kTarget), (std::pair{true, false}));
  EXPECT_EQ(names(EmbeddingTying::kAll), (std::pair{false, false}));
}

}  // namespace
}  // namespace weft

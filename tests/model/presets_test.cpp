// Every preset is built, learns from a batch, and takes a step of translation. That it can be read
// is tested in tests/config; what it reaches is in recipes/model-zoo.
#include "config/presets.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <string>

#include "config/config_reader.h"
#include "model/tiny_model.h"

namespace weft {
namespace {

class Preset : public ::testing::TestWithParam<const char*> {
 protected:
  Preset() : options_(read_config(preset_path(GetParam())).model) {
    torch::manual_seed(1);
    model_ = TranslationModel(options_,
                              VocabularySizes{{{kTinySourceVocabulary}}, kTinyTargetVocabulary});
    model_->initialize();
  }

  double loss(const Batch& batch) {
    const torch::NoGradGuard no_grad;
    model_->eval();
    const double value = model_->forward({}, batch, {}).negative_log_likelihood.item<double>();
    model_->train();
    return value;
  }

  ModelOptions options_;
  TranslationModel model_{nullptr};
};

INSTANTIATE_TEST_SUITE_P(Configs, Preset, ::testing::ValuesIn(kPresets), [](const auto& tested) {
  std::string name = tested.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST_P(Preset, LearnsFromABatchAndTranslatesAStep) {
  const auto batch = tiny_batch({{{4, 5, 6, 7}, {4, 5}}, {{6}, {7, 7, 6, 5}}, {{5, 4}, {6}}});
  const double before = loss(batch);
  model_->forward({}, batch, {0.1}).loss.backward();
  {
    const torch::NoGradGuard no_grad;
    for (auto& parameter : model_->parameters()) {
      if (!parameter.grad().defined()) continue;  // of what a preset's combination does not use
      ASSERT_TRUE(parameter.grad().isfinite().all().item<bool>());
      parameter.sub_(parameter.grad(), 0.01);
    }
  }
  EXPECT_LT(loss(batch), before);
  const torch::NoGradGuard no_grad;
  model_->eval();
  const auto start = model_->start({}, batch.sources);
  const auto step =
      model_->step({}, torch::full({3}, kBeginId, torch::kInt64), start.state, start.memory);
  EXPECT_EQ(step.logits.sizes(), (std::vector<int64_t>{3, kTinyTargetVocabulary}));
  EXPECT_TRUE(step.logits.isfinite().all().item<bool>());
  ASSERT_EQ(step.attention.defined(), options_.attention.score != ScoreType::kNone);
  if (step.attention.defined() && options_.attention.window == AttentionWindowType::kGlobal) {
    EXPECT_LT((step.attention.sum(1) - 1).abs().max().item<double>(), 1e-5);
  }
}

class ItemPreset : public ::testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Configs, ItemPreset, ::testing::ValuesIn(kItemPresets),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

/// Three items of each source that is not text: pictures of 16 x 24 pixels, or 10 vectors.
Batch batch_of_items(const Config& config, const VocabularySizes& sizes) {
  auto batch = tiny_batch({{{4, 5, 6, 7}, {4, 5}}, {{6}, {7, 7, 6, 5}}, {{5, 4}, {6}}});
  batch.sources.resize(sizes.sources.size());
  for (std::size_t k = 0; k < sizes.sources.size(); ++k) {
    auto& source = batch.sources[k];
    const auto width = sizes.sources[k].width;
    if (config.data.source_kind[k] == SourceKind::kText) continue;
    source = {};
    if (config.data.source_kind[k] == SourceKind::kImage) {
      source.pictures = torch::randint(256, {3, width, 16, 24}).to(torch::kByte);
      source.rows = 2;
      source.columns = 3;
      source.mask = torch::ones({3, 6}, torch::kBool);
    } else {
      source.features = torch::randn({3, 10, width});
      source.mask = mask_of({10, 7, 1}, 10);
    }
  }
  return batch;
}

TEST_P(ItemPreset, LearnsFromABatchAndTranslatesAStep) {
  const auto config = read_config(preset_path(GetParam()));
  VocabularySizes sizes{{}, kTinyTargetVocabulary};
  for (const auto kind : config.data.source_kind)
    sizes.sources.push_back({kTinySourceVocabulary, {}, kind, 3});
  torch::manual_seed(1);
  TranslationModel model(config.model, sizes);
  model->initialize();
  const auto batch = batch_of_items(config, sizes);
  const auto loss = [&] {
    const torch::NoGradGuard no_grad;
    model->eval();
    return model->forward({}, batch, {}).negative_log_likelihood.item<double>();
  };
  const double before = loss();
  model->train();
  TrainingCriterion criterion;
  criterion.attention_balance = 0.01;
  model->forward({}, batch, criterion).loss.backward();
  {
    const torch::NoGradGuard no_grad;
    for (auto& parameter : model->parameters()) {
      if (!parameter.grad().defined()) continue;  // of what a preset's combination does not use
      ASSERT_TRUE(parameter.grad().isfinite().all().item<bool>());
      parameter.sub_(parameter.grad(), 0.005);
    }
  }
  EXPECT_LT(loss(), before);
  const torch::NoGradGuard no_grad;
  const auto start = model->start({}, batch.sources);
  const auto step = model->step({}, torch::full({3}, kBeginId), start.state, start.memory);
  EXPECT_TRUE(step.logits.isfinite().all().item<bool>());
}

TEST(ItemDropout, LeavesOutWholeVectors) {
  Config config;
  config.data.source_kind = {SourceKind::kFeatures};
  config.model.encoder.type = EncoderType::kAnnotations;
  config.model.dropout = {.embedding = 0, .hidden = 0, .readout = 0, .source_word = 0.5};
  VocabularySizes sizes{{{kTinySourceVocabulary, {}, SourceKind::kFeatures, 3}},
                        kTinyTargetVocabulary};
  torch::manual_seed(1);
  TranslationModel model(config.model, sizes);
  model->initialize();
  auto batch = batch_of_items(config, sizes);
  auto& source = batch.sources[0];
  source.mask.fill_(true);
  source.features.requires_grad_();
  model->train();
  model->forward({}, batch, {}).loss.backward();
  const auto read = source.features.grad().abs().sum(2) > 0;  // [3, 10]
  EXPECT_GT(read.sum().item<int64_t>(), 5);
  EXPECT_LT(read.sum().item<int64_t>(), 25);
}

}  // namespace
}  // namespace weft

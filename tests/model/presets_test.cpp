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
    const double value = model_->forward(batch, {}).negative_log_likelihood.item<double>();
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
  model_->forward(batch, {0.1}).loss.backward();
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
  const auto start = model_->start(batch.sources);
  const auto step =
      model_->step(torch::full({3}, kBeginId, torch::kInt64), start.state, start.memory);
  EXPECT_EQ(step.logits.sizes(), (std::vector<int64_t>{3, kTinyTargetVocabulary}));
  EXPECT_TRUE(step.logits.isfinite().all().item<bool>());
  ASSERT_EQ(step.attention.defined(), options_.attention.score != ScoreType::kNone);
  if (step.attention.defined() && options_.attention.window == AttentionWindowType::kGlobal) {
    EXPECT_LT((step.attention.sum(1) - 1).abs().max().item<double>(), 1e-5);
  }
}

}  // namespace
}  // namespace weft

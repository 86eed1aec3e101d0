// Attention under guidance, whatever computes it.

#include "nn/guided_alignment.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <memory>
#include <vector>

#include "model/model_directory.h"
#include "model/tiny_model.h"
#include "nn/gradient_check.h"

namespace weft {
namespace {

Batch guided_batch() {
  auto batch = tiny_batch({{{4, 5, 6, 7}, {4, 5}}, {{6}, {7, 7, 6, 5}}, {{5, 4}, {6}}});
  const auto tokens = batch.target_mask.unsqueeze(2)
                          .logical_and(batch.sources[0].mask.unsqueeze(1))
                          .to(torch::kFloat64);
  torch::manual_seed(3);
  auto rows = torch::rand(tokens.sizes(), torch::kFloat64) * tokens;
  batch.guidance = 0.8 * rows / rows.sum(2, true).clamp_min(1e-9);
  return batch;
}

const TrainingCriterion kGuided{.label_smoothing = 0.1, .guided_weight = 0.6};

TEST(GuidedModel, AddsTheLossOfItsAttentionByItsWeight) {
  const auto batch = guided_batch();
  auto model = tiny_model({});
  const auto plain = model->forward({}, batch, {.label_smoothing = 0.1});
  EXPECT_FALSE(plain.guided.defined());
  const auto guided = model->forward({}, batch, kGuided);
  const auto expected = guided_alignment_loss(model->force({}, batch).attention, batch.guidance);
  EXPECT_NEAR(guided.guided.item<double>(), expected.item<double>(), 1e-12);
  EXPECT_NEAR(guided.loss.item<double>(), (plain.loss + 0.6 * expected).item<double>(), 1e-12);
  EXPECT_TRUE(torch::equal(guided.negative_log_likelihood, plain.negative_log_likelihood));
}

/// Models whose attention may be guided, each score and place.
std::vector<TinyModel> guided_kinds() {
  std::vector<TinyModel> kinds;
  for (const auto place :
       {AttentionPlace::kBefore, AttentionPlace::kBetween, AttentionPlace::kAfter})
    kinds.push_back(
        variant("Place" + to_name(place), [place](auto& o) { o.decoder.attention_place = place; }));
  for (const auto score : {ScoreType::kDot, ScoreType::kScaledDot, ScoreType::kGeneral}) {
    kinds.push_back(variant("Heads" + to_name(score), [score](auto& o) {
      o.attention.score = score;
      o.attention.heads = 2;
      o.decoder.hidden = 6;
      o.attention.coverage = CoverageType::kNeural;
    }));
  }
  kinds.push_back(variant("Location", [](auto& o) { o.attention.score = ScoreType::kLocation; }));
  kinds.push_back(variant("LocalM", [](auto& o) {
    o.attention.window = AttentionWindowType::kMonotonic;
    o.attention.window_width = 1;
  }));
  kinds.push_back(variant("InputFeeding", [](auto& o) { o.decoder.input_feeding = true; }));
  kinds.push_back(variant("Pyramid", [](auto& o) {
    o.encoder.layers = 2;
    o.encoder.pyramid = 2;
  }));
  return kinds;
}

class GuidedModelTest : public ::testing::TestWithParam<TinyModel> {};

INSTANTIATE_TEST_SUITE_P(Kinds, GuidedModelTest, ::testing::ValuesIn(guided_kinds()),
                         [](const auto& tested) { return name_of(tested.param); });

TEST_P(GuidedModelTest, HasTheGradientsOfItsLoss) {
  auto model = tiny_model(GetParam());
  model->show_first_head();
  const auto batch = guided_batch();
  expect_gradients_along_directions([&] { return model->forward({}, batch, kGuided).loss; },
                                    model->parameters());
}

/// Gradients of the guided model in float32 by kernels, or without them.
std::vector<torch::Tensor> gradients(const TinyModel& kind, bool plain, Precision precision) {
  auto model = tiny_model(kind);
  model->to(torch::kFloat32);
  ComputeContext compute(precision);
  compute.plain = plain;
  return torch::autograd::grad({model->forward(compute, guided_batch(), kGuided).loss},
                               model->parameters());
}

// The conditional GRU in one kernel, and additive attention in one for each step.
TEST(GuidedModel, IsTheSameByKernels) {
  for (const auto place : {AttentionPlace::kBefore, AttentionPlace::kBetween}) {
    TinyModel kind;
    kind.place = place;
    const auto expected = gradients(kind, true, Precision::kFloat32);
    const auto exact = gradients(kind, false, Precision::kFloat32);
    const auto rounded = gradients(kind, false, Precision::kBfloat16);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const double scale = 1 + expected[i].abs().max().item<double>();
      EXPECT_LT(distance(exact[i], expected[i]), 1e-4 * scale) << i;
      EXPECT_LT(distance(rounded[i], expected[i]), 0.05 * scale) << i;
    }
  }
}

TEST(GuidedModel, ShowsTheHeadThatIsGuided) {
  const auto kind = variant("heads", [](auto& o) { o.attention.heads = 2; });
  const auto batch = guided_batch();
  auto model = tiny_model(kind);
  const auto mean = model->score({}, batch);
  model->show_first_head();
  const auto first = model->score({}, batch);
  EXPECT_GT(distance(first.attention, mean.attention), 1e-3);
  EXPECT_LT(distance(first.attention.sum(2), torch::ones_like(first.attention.sum(2))), 1e-12);
  EXPECT_TRUE(torch::equal(first.log_probs, mean.log_probs));
}

}  // namespace
}  // namespace weft

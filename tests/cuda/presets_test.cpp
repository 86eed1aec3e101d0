// Every preset computes on a GPU what it does on the processor, in float32 to one part in ten
// thousand, gradients to one in a thousand. Of twelve sentences one may have other translations:
// where two words are as likely as each other, the last bit decides, and a beam never comes back.

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "cuda/gpu.h"
#include "data/to_device.h"
#include "model/model_directory.h"
#include "search/beam_search.h"
#include "search/ensemble.h"

namespace weft {
namespace {

class GpuPreset : public GpuFixture<::testing::TestWithParam<const char*>> {};

INSTANTIATE_TEST_SUITE_P(Configs, GpuPreset, ::testing::ValuesIn(text_presets()),
                         [](const auto& tested) { return test_name(tested.param); });

/// Loss and gradients of a batch.
struct Pass {
  double loss = 0;
  NamedTensors gradients;
};

Pass pass_of(TranslationModel model, const Batch& batch, Precision precision) {
  const auto result = model->forward(precision, to_device(batch, model->device()), {0.1});
  result.loss.backward();
  Pass pass{result.loss.item<double>(), {}};
  for (const auto& [name, parameter] : named_parameters(*model)) {
    if (parameter.grad().defined()) pass.gradients[name] = parameter.grad();
  }
  return pass;
}

double norm_of(const NamedTensors& gradients) {
  double sum = 0;
  for (const auto& [name, gradient] : gradients) sum += gradient.square().sum().item<double>();
  return std::sqrt(sum);
}

/// Gradients that are nothing but rounding, of weights that change nothing, need not agree.
void expect_near(const Pass& found, const Pass& expected, double loss_tolerance,
                 double gradient_tolerance) {
  EXPECT_NEAR(found.loss, expected.loss, loss_tolerance * std::abs(expected.loss));
  ASSERT_EQ(found.gradients.size(), expected.gradients.size());
  const double nothing = 1e-6 * norm_of(expected.gradients);
  for (const auto& [name, gradient] : expected.gradients) {
    const auto& other = found.gradients.at(name);
    EXPECT_EQ(other.scalar_type(), torch::kFloat32) << name;
    EXPECT_LE((other.to(torch::kCPU) - gradient).norm().item<double>(),
              gradient_tolerance * gradient.norm().item<double>() + nothing)
        << name;
  }
}

TEST_P(GpuPreset, HasTheLossAndTheGradientsOfTheProcessor) {
  const auto batch = random_pairs(12);
  const auto expected = pass_of(preset_model(GetParam()), batch, Precision::kFloat32);
  expect_near(pass_of(copy_on(gpu_, GetParam()), batch, Precision::kFloat32), expected, 1e-4, 1e-3);
}

TEST_P(GpuPreset, HasTheLossAndTheGradientsInBfloat16Nearly) {
  constexpr double kAsTrainingBegins = 1;  // what is rounded grows from layer to layer otherwise
  const auto batch = random_pairs(12);
  const auto expected =
      pass_of(preset_model(GetParam(), 1, kAsTrainingBegins), batch, Precision::kFloat32);
  const auto found =
      pass_of(copy_on(gpu_, GetParam(), 1, kAsTrainingBegins), batch, Precision::kBfloat16);
  EXPECT_NEAR(found.loss, expected.loss, 0.02 * std::abs(expected.loss));
  double along = 0;  // the part of one gradient that lies along the other
  for (const auto& [name, gradient] : expected.gradients)
    along += (found.gradients.at(name).to(torch::kCPU) * gradient).sum().item<double>();
  EXPECT_GT(along / norm_of(found.gradients) / norm_of(expected.gradients), 0.97);
}

TEST_P(GpuPreset, ScoresAndAlignsGivenTranslationsAsTheProcessorDoes) {
  const torch::NoGradGuard no_grad;
  const auto batch = random_pairs(12);
  auto here = preset_model(GetParam()), there = copy_on(gpu_, GetParam());
  const auto expected = here->score({}, batch);
  const auto found = there->score({}, to_device(batch, gpu_));
  EXPECT_LT(relative_distance(found.log_probs, expected.log_probs), 1e-4);
  ASSERT_EQ(found.attention.defined(), expected.attention.defined());
  if (!expected.attention.defined()) return;
  EXPECT_LT(relative_distance(found.attention, expected.attention), 1e-3);
}

using Hypotheses = std::vector<std::vector<Hypothesis>>;

Hypotheses search(const std::vector<TranslationModel>& models, int64_t beam_size,
                  Precision precision = Precision::kFloat32) {
  const torch::NoGradGuard no_grad;
  Ensemble ensemble(models, precision);
  DecodingOptions options;
  options.beam_size = beam_size;
  options.max_length_factor = 1;
  SearchRequest request;
  if (ensemble.has_attention()) request.attention_source = 0;
  return beam_search(ensemble, to_device(random_pairs(12).sources, ensemble.device()), options,
                     request);
}

bool have_same_tokens(const std::vector<Hypothesis>& found,
                      const std::vector<Hypothesis>& expected) {
  return std::equal(found.begin(), found.end(), expected.begin(), expected.end(),
                    [](const auto& a, const auto& b) { return a.tokens == b.tokens; });
}

void expect_same(const Hypotheses& found, const Hypotheses& expected) {
  ASSERT_EQ(found.size(), expected.size());
  int others = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (!have_same_tokens(found[i], expected[i])) {
      ++others;
      continue;
    }
    for (std::size_t k = 0; k < expected[i].size(); ++k) {
      SCOPED_TRACE("sentence " + std::to_string(i) + ", hypothesis " + std::to_string(k));
      EXPECT_NEAR(found[i][k].score, expected[i][k].score, 1e-4 * std::abs(expected[i][k].score));
      const auto& attention = expected[i][k].attention;
      ASSERT_EQ(found[i][k].attention.defined(), attention.defined());
      if (!attention.defined()) continue;
      EXPECT_LT(relative_distance(found[i][k].attention, attention), 1e-3);
    }
  }
  EXPECT_LE(others, 1) << "sentences with other translations";
}

TEST_P(GpuPreset, FindsTheTranslationsOfTheProcessor) {
  for (const int64_t beam_size : {1, 5}) {
    SCOPED_TRACE("beam " + std::to_string(beam_size));
    expect_same(search({copy_on(gpu_, GetParam())}, beam_size),
                search({preset_model(GetParam())}, beam_size));
  }
}

TEST_P(GpuPreset, SearchesInBfloat16) {
  for (const auto& hypotheses : search({copy_on(gpu_, GetParam())}, 3, Precision::kBfloat16)) {
    ASSERT_FALSE(hypotheses.empty());
    EXPECT_TRUE(std::isfinite(hypotheses.front().score));
  }
}

using GpuEnsemble = GpuFixture<::testing::Test>;

TEST_F(GpuEnsemble, FindsTheTranslationsOfTheProcessor) {
  const char* first = "nematus";
  const char* second = "rnnsearch";
  expect_same(search({copy_on(gpu_, first, 1), copy_on(gpu_, second, 2)}, 4),
              search({preset_model(first, 1), preset_model(second, 2)}, 4));
}

}  // namespace
}  // namespace weft

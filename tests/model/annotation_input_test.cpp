#include "model/annotation_input.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "data/item_source.h"
#include "nn/positions.h"
#include "nn/random_module.h"

namespace weft {
namespace {

constexpr int64_t kBatch = 2, kWidth = 3, kUnits = 4;

Source vectors(int64_t count) {
  Source source;
  source.features = random_tensor({kBatch, count, kWidth}, 1);
  source.mask = torch::ones({kBatch, count}, torch::kBool);
  return source;
}

AnnotationInput random_input(const InputOptions& options, int64_t width = kWidth) {
  AnnotationInput input(options, width, kUnits);
  randomize(*input, 2);
  return input;
}

TEST(AnnotationInput, MapsEachVectorByItself) {
  for (const auto map : {InputMap::kLinear, InputMap::kRelu}) {
    auto input = random_input({.map = map});
    const auto parameters = input->named_parameters();
    const auto source = vectors(5);
    const auto made = input->forward({}, source);
    for (int64_t j = 0; j < 5; ++j) {
      auto expected = source.features.select(1, j).matmul(parameters["map.weight"].t()) +
                      parameters["map.bias"];
      if (map == InputMap::kRelu) expected = expected.clamp_min(0);
      EXPECT_LT(distance(made.select(1, j), expected), 1e-12);
    }
  }
}

TEST(AnnotationInput, NormalizesThenAddsPositions) {
  auto input = random_input({.layer_norm = true, .positions = InputPositions::kGrid});
  const auto parameters = input->named_parameters();
  auto source = vectors(6);
  source.rows = 2;
  source.columns = 3;
  const auto made = input->forward({}, source);
  const auto mapped = source.features.matmul(parameters["map.weight"].t()) + parameters["map.bias"];
  const auto mean = mapped.mean(2, true);
  const auto variance = (mapped - mean).square().mean(2, true);
  auto expected = (mapped - mean) / (variance + 1e-5).sqrt() * parameters["norm.weight"] +
                  parameters["norm.bias"];
  for (int64_t j = 0; j < 6; ++j) {  // two units tell the row, two the column
    const auto row = static_cast<double>(j / 3), column = static_cast<double>(j % 3);
    const auto position = torch::tensor(
        {std::sin(row), std::cos(row), std::sin(column), std::cos(column)}, torch::kFloat64);
    expected.select(1, j) += position;
  }
  EXPECT_LT(distance(made, expected), 1e-6) << "sinusoids are computed in float32";
}

TEST(AnnotationInput, LeavesVectorsAloneIfAsked) {
  AnnotationInput input(InputOptions{.map = InputMap::kNone}, kUnits, kUnits);
  Source source;
  source.features = random_tensor({1, 2, kUnits}, 3);
  EXPECT_TRUE(torch::equal(input->forward({}, source), source.features));
  EXPECT_THROW(AnnotationInput(InputOptions{.map = InputMap::kNone}, kWidth, kUnits), UserError);
}

TEST(AnnotationInput, RefusesPositionsInAGridThatIsNone) {
  auto input = random_input({.positions = InputPositions::kGrid});
  EXPECT_THROW(input->forward({}, vectors(6)), UserError);
}

/// A convolution of stride 2 with a border of zeros, whose first tap is at 2i + `first`, written
/// out: [C, H, W] -> [D, h, w].
torch::Tensor convolved(const torch::Tensor& x, const torch::Tensor& weight,
                        const torch::Tensor& bias, int64_t first) {
  const int64_t rows = (x.size(1) + 1) / 2, columns = (x.size(2) + 1) / 2;
  auto out = torch::zeros({weight.size(0), rows, columns}, x.options());
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) {
      auto sum = bias.clone();
      for (int64_t i = 0; i < 3; ++i) {
        for (int64_t j = 0; j < 3; ++j) {
          const int64_t y = 2 * r + first + i, z = 2 * c + first + j;
          if (y < 0 || z < 0 || y >= x.size(1) || z >= x.size(2)) continue;
          sum += weight.select(2, i).select(2, j).matmul(x.select(1, y).select(1, z));
        }
      }
      out.select(1, r).select(1, c).copy_(sum.clamp_min(0));
    }
  }
  return out;
}

TEST(AnnotationInput, MakesAGridOfAPicture) {
  const torch::NoGradGuard no_grad;
  auto input = random_input(
      {.map = InputMap::kNone, .global = true, .convolution = ImageConvolution::kSmall}, 3);
  const auto parameters = input->named_parameters();
  Source source;
  source.pictures = torch::randint(256, {kBatch, 3, 17, 9}).to(torch::kByte);
  const auto made = input->forward({}, source);
  EXPECT_EQ(made.sizes(), (std::vector<int64_t>{kBatch, 3 * 2 + 1, kUnits}));
  for (int64_t b = 0; b < kBatch; ++b) {
    auto x = source.pictures[b].to(torch::kFloat64) / 127.5 - 1;
    for (int layer = 0; layer < 3; ++layer) {
      const std::string name = "convolution.layer_" + std::to_string(layer);
      x = convolved(x, parameters[name + ".weight"], parameters[name + ".bias"],
                    layer == 2 ? -1 : 0);
    }
    const auto expected = x.flatten(1).t();  // [6, units]
    EXPECT_LT(distance(made[b].narrow(0, 0, 6), expected), 1e-9);
    EXPECT_LT(distance(made[b][6], expected.mean(0)), 1e-9) << "the mean is one more";
  }
}

torch::Tensor golden_tensor(const nlohmann::json& entry) {
  return torch::tensor(entry.at("numbers").get<std::vector<double>>(), torch::kFloat64)
      .view(entry.at("shape").get<std::vector<int64_t>>());
}

// tests/golden/nn/make_convolution.py
TEST(AnnotationInput, ReadsPicturesAsIm2latexDoes) {
  const torch::NoGradGuard no_grad;
  const auto golden = nlohmann::json::parse(std::ifstream(WEFT_GOLDEN "/nn/convolution.json"));
  const auto expected = golden_tensor(golden.at("made"))[0];  // [units, rows, columns]
  AnnotationInput input(
      InputOptions{.map = InputMap::kNone, .convolution = ImageConvolution::kIm2latex}, 3,
      expected.size(0));
  input->to(torch::kFloat64);
  auto parameters = input->named_parameters();
  ASSERT_EQ(parameters.size(), golden.at("parameters").size());
  for (const auto& [name, entry] : golden.at("parameters").items())
    parameters["convolution." + name].copy_(golden_tensor(entry));
  Source source;
  source.pictures = golden_tensor(golden.at("picture")).to(torch::kByte);
  const auto made = input->forward({}, source);
  ASSERT_EQ(made.size(1), after_convolution(19) * after_convolution(13));
  EXPECT_LT(distance(made[0], expected.flatten(1).t()), 1e-9);
}

TEST(AnnotationInput, IsInitializedToKeepTheirVariance) {
  for (const auto convolution : {ImageConvolution::kSmall, ImageConvolution::kIm2latex}) {
    torch::manual_seed(1);
    AnnotationInput input(InputOptions{.convolution = convolution}, 3, 64);
    input->initialize();
    Source source;
    source.pictures = torch::randint(256, {2, 3, 64, 64}).to(torch::kByte);
    const auto made = input->forward({}, source);
    EXPECT_GT(made.std().item<double>(), 0.1);
    EXPECT_LT(made.std().item<double>(), 3);
  }
}

}  // namespace
}  // namespace weft

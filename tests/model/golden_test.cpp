// Whole models against an implementation in PyTorch: tests/golden/model/make_golden.py.

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>

#include "model/model_directory.h"
#include "model/safetensors.h"
#include "model/translation_model.h"
#include "nn/random_module.h"

namespace weft {
namespace {

using nlohmann::json;

constexpr double kTolerance = 1e-5;

ModelOptions options_of(const json& values) {
  const std::map<std::string, CellType> cells{{"gru", CellType::kGru}, {"lstm", CellType::kLstm}};
  const std::map<std::string, AttentionPlace> places{{"before", AttentionPlace::kBefore},
                                                     {"between", AttentionPlace::kBetween}};
  const std::map<std::string, EmbeddingTying> tyings{{"none", EmbeddingTying::kNone},
                                                     {"target", EmbeddingTying::kTarget},
                                                     {"all", EmbeddingTying::kAll}};
  ModelOptions options;
  options.embedding = {values.at("source_embedding"), values.at("target_embedding"),
                       tyings.at(values.at("tying"))};
  options.encoder = {cells.at(values.at("encoder_cell")), values.at("encoder_hidden"),
                     values.at("encoder_layers")};
  options.attention.width = values.at("attention_width");
  options.decoder = {cells.at(values.at("decoder_cell")), values.at("decoder_hidden"),
                     values.at("decoder_layers"), places.at(values.at("attention_place")),
                     values.at("readout")};
  return options;
}

/// The name of a case, and whether plain LibTorch computes it or the kernels where there are any.
using GoldenCase = std::tuple<const char*, bool>;

class GoldenTest : public ::testing::TestWithParam<GoldenCase> {
 protected:
  GoldenTest()
      : compute_(std::get<1>(GetParam()) ? plain_operations() : ComputeContext()),
        file_(read_tensors(WEFT_GOLDEN "/model/" + std::string(std::get<0>(GetParam())) +
                           ".safetensors")) {
    const auto values = json::parse(file_.metadata.at("options"));
    smoothing_ = values.at("smoothing");
    const SourceSizes source{values.at("source_size").get<int64_t>()};
    model_ = TranslationModel(options_of(values),
                              VocabularySizes{{source}, values.at("target_size").get<int64_t>()});
    model_->eval();
    torch::NoGradGuard no_grad;
    for (auto& [name, parameter] : named_parameters(*model_)) {
      EXPECT_EQ(golden("weight." + name).sizes(), parameter.sizes()) << name;
      parameter.detach().copy_(golden("weight." + name));
    }
  }

  const torch::Tensor& golden(const std::string& name) const { return file_.tensors.at(name); }

  torch::Tensor golden_mask(const std::string& ids, const std::string& lengths) const {
    return torch::arange(golden(ids).size(1)).unsqueeze(0) < golden(lengths).unsqueeze(1);
  }

  Batch batch() const {
    Batch batch;
    batch.sources.resize(1);
    batch.sources[0].ids = golden("source");
    batch.sources[0].mask = golden_mask("source", "source_lengths");
    batch.target_input = golden("target_input");
    batch.target_output = golden("target_output");
    batch.target_mask = golden_mask("target_output", "target_lengths");
    return batch;
  }

  ComputeContext compute_;
  TensorFile file_;
  TranslationModel model_{nullptr};
  double smoothing_ = 0;
};

INSTANTIATE_TEST_SUITE_P(
    Cases, GoldenTest,
    ::testing::Combine(::testing::Values("gru_between_target", "gru_before_none",
                                         "lstm_between_none", "lstm_before_all",
                                         "lstm_gru_between_all"),
                       ::testing::Bool()),
    [](const auto& tested) {
      return std::get<0>(tested.param) +
             std::string(std::get<1>(tested.param) ? "_plain" : "_kernels");
    });

TEST_P(GoldenTest, HasExactlyTheParametersOfTheFile) {
  std::size_t weights = 0;
  for (const auto& [name, tensor] : file_.tensors) weights += name.rfind("weight.", 0) == 0;
  EXPECT_EQ(model_->named_parameters().size(), weights);
}

TEST_P(GoldenTest, ReadsTheTargetAsPyTorchDoes) {
  const auto forced = model_->force(compute_, batch());
  EXPECT_LT(distance(forced.readout, golden("readout")), kTolerance);
  EXPECT_LT(distance(forced.attention, golden("attention")), kTolerance);
  const auto scores = model_->score(compute_, batch());
  EXPECT_LT(distance(scores.log_probs, golden("log_probs")), kTolerance);
  EXPECT_LT(distance(scores.attention, golden("attention")), kTolerance);
}

TEST_P(GoldenTest, HasTheLossAndTheGradientsOfPyTorch) {
  const auto result = model_->forward(compute_, batch(), {smoothing_});
  const double loss = golden("loss").item<double>();
  EXPECT_NEAR(result.loss.item<double>(), loss, kTolerance * loss);
  const double likelihood = golden("negative_log_likelihood").item<double>();
  EXPECT_NEAR(result.negative_log_likelihood.item<double>(), likelihood, kTolerance * likelihood);
  result.loss.backward();
  for (const auto& [name, parameter] : named_parameters(*model_)) {
    const auto& expected = golden("gradient." + name);
    EXPECT_GT(expected.abs().max().item<double>(), 1e-4) << name << " says nothing";
    EXPECT_LT(distance(parameter.grad(), expected), kTolerance) << name;
  }
}

}  // namespace
}  // namespace weft

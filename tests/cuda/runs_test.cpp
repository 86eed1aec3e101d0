// Runs that train on a GPU, or move to one or away from it, and models that do.

#include <gtest/gtest.h>
#include <torch/types.h>

#include <limits>
#include <sstream>

#include "base/words.h"
#include "cuda/gpu.h"
#include "search/forced_aligner.h"
#include "search/translator.h"
#include "train/copy_task.h"

namespace weft {
namespace {

using Kind = DeviceChoice::Kind;

class GpuRun : public GpuFixture<::testing::Test> {
 protected:
  GpuRun() {
    task_.config.training.precision = Precision::kFloat32;
    task_.config.training.stop_after = {40, Period::Unit::kUpdates};
    task_.config.training.log_every = {5, Period::Unit::kUpdates};
  }

  void train(const std::string& name, Kind kind, const std::function<bool()>& should_stop = never) {
    task_.config.training.device = {kind};
    task_.train(name, should_stop);
  }

  /// Losses as they were logged and validated.
  std::vector<double> losses(const std::string& name) const {
    std::vector<double> all;
    for (const char* event : {"update", "validation"}) {
      for (const auto& line : task_.events(name, event)) all.push_back(line.at("loss"));
    }
    return all;
  }

  void expect_same_losses(const std::string& name, const std::string& other, double tolerance) {
    const auto found = losses(name), expected = losses(other);
    ASSERT_EQ(found.size(), expected.size());
    ASSERT_GT(found.size(), 8U);
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_NEAR(found[i], expected[i], tolerance * expected[i]) << name << ", " << i;
  }

  std::vector<std::string> sources() const {
    std::vector<std::string> lines;
    std::istringstream text(copy_lines(30, 5));
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }

  std::vector<TranslatedLine> translate(const std::string& name, Kind kind, int workers) const {
    TranslatorOptions options;
    options.decoding = decoding_options(task_.path(name));
    options.decoding.batch_sentences = 4;
    options.device = {kind};
    options.workers = workers;
    options.n_best = 2;
    options.with_alignment = true;
    return load_translator({task_.path(name)}, options).translate(sources());
  }

  CopyTask task_;
};

TEST_F(GpuRun, LearnsAsOnTheProcessor) {
  task_.config.model.dropout = {0, 0, 0, 0, 0};
  train("here", Kind::kCpu);
  train("there", Kind::kCuda);
  expect_same_losses("there", "here", 0.01);
}

TEST_F(GpuRun, GoesOnWhereItStopped) {
  train("whole", Kind::kCuda);
  train("parts", Kind::kCuda, after(17));
  train("parts", Kind::kCuda);
  expect_same_losses("parts", "whole", 0.01);
}

TEST_F(GpuRun, GoesOnOnAnotherDevice) {
  task_.config.model.dropout = {0, 0, 0, 0, 0};
  train("here", Kind::kCpu);
  train("to GPU", Kind::kCpu, after(17));
  train("to GPU", Kind::kCuda);
  expect_same_losses("to GPU", "here", 0.01);
  train("from GPU", Kind::kCuda, after(17));
  train("from GPU", Kind::kCpu);
  expect_same_losses("from GPU", "here", 0.01);
}

TEST_F(GpuRun, LearnsWithEveryOptimizer) {
  task_.config.model.dropout = {0, 0, 0, 0, 0};
  task_.config.training.accumulate = 2;
  for (const auto& type : enum_names(OptimizerType{})) {
    task_.config.training.optimizer.type = type.value;
    const std::string name = type.name;
    train(name + " here", Kind::kCpu);
    train(name + " there", Kind::kCuda);
    expect_same_losses(name + " there", name + " here", 0.02);
  }
}

TEST_F(GpuRun, SkipsUpdatesThatAreNotFinite) {
  task_.config.training.non_finite.limit = 0;  // whatever is skipped, it goes on
  train("there", Kind::kCuda, after(5));
  auto checkpoint = task_.checkpoint("there");
  auto embedding = checkpoint.tensors.at("weight.source_embedding").clone();
  embedding[kEndId + 2].fill_(std::numeric_limits<float>::infinity());  // a word of many sentences
  checkpoint.tensors["weight.source_embedding"] = embedding;
  write_checkpoint(task_.checkpoint_path("there"), checkpoint);
  train("there", Kind::kCuda);
  EXPECT_GT(task_.checkpoint("there").progress.skipped, 0);
  EXPECT_EQ(task_.events("there", "skipped").size(),
            static_cast<std::size_t>(task_.checkpoint("there").progress.skipped));
}

TEST_F(GpuRun, MakesAModelForBothDevices) {
  train("model", Kind::kCuda);
  const auto expected = translate("model", Kind::kCpu, 1);
  for (const int workers : {1, 4}) {
    const auto found = translate("model", Kind::kCuda, workers);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      for (std::size_t k = 0; k < expected[i].n_best.size(); ++k) {
        const auto &one = found[i].n_best.at(k), &other = expected[i].n_best[k];
        EXPECT_EQ(one.text, other.text) << i;
        EXPECT_NEAR(one.score, other.score, 1e-3) << i;
        if (one.text != other.text) continue;
        ASSERT_EQ(one.alignment.weights.size(), other.alignment.weights.size());
        for (std::size_t j = 0; j < one.alignment.weights.size(); ++j)
          EXPECT_NEAR(one.alignment.weights[j], other.alignment.weights[j], 1e-3);
      }
    }
  }
}

TEST_F(GpuRun, AlignsGivenPairsAsOnTheProcessor) {
  train("model", Kind::kCuda);
  std::vector<LineWithWords> lines;
  for (const auto& line : sources()) lines.push_back({line, split_words(line)});
  std::vector<std::vector<AlignedPair>> answers;
  for (const auto kind : {Kind::kCpu, Kind::kCuda}) {
    ForcedAlignerOptions options;
    options.decoding = decoding_options(task_.path("model"));
    options.device = {kind};
    answers.push_back(load_aligner(task_.path("model"), options).align(lines, lines));
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_NEAR(answers[1][i].log_prob, answers[0][i].log_prob, 1e-3);
    const auto &found = answers[1][i].alignment.weights,
               &expected = answers[0][i].alignment.weights;
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t j = 0; j < found.size(); ++j) EXPECT_NEAR(found[j], expected[j], 1e-3);
  }
}

}  // namespace
}  // namespace weft

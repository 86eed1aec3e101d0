// A kill between any two steps leaves what the next start makes whole.

#include "train/checkpointer.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <filesystem>

#include "base/temporary_directory.h"
#include "model/safetensors.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

class CheckpointerTest : public ::testing::Test {
 protected:
  CheckpointerTest() {
    const auto words = std::make_shared<WordVocabulary>("a\nb\n", "words");
    vocabularies_ = {{{words}}, words};
  }

  Checkpointer open() const { return {run_, vocabularies_}; }
  /// A checkpoint whose best model is of update `best`.
  static Checkpoint state(int64_t best) {
    Checkpoint checkpoint;
    checkpoint.progress.updates = checkpoint.progress.best_updates = best;
    checkpoint.progress.best = 0.5;
    checkpoint.generator = torch::zeros({1}, torch::kUInt8);
    return checkpoint;
  }
  static NamedTensors weights(double value) { return {{"w", torch::full({3}, value)}}; }
  double seen() const { return read_tensors(run_.weights()).tensors.at("w")[0].item<double>(); }

  TemporaryDirectory directory_;
  RunDirectory run_{directory_.path("run")};
  Vocabularies vocabularies_;
};

TEST_F(CheckpointerTest, ShowsTheBestModelWithTheCheckpointThatKnowsIt) {
  auto checkpointer = open();
  checkpointer.write_with_best(state(3), weights(3));
  EXPECT_EQ(seen(), 3);
  EXPECT_EQ(read_checkpoint(run_.checkpoint()).progress.best_updates, 3);
  EXPECT_FALSE(fs::exists(run_.best()));
  EXPECT_EQ(read_tensors(run_.weights()).metadata.at("updates"), "3");
}

TEST_F(CheckpointerTest, FinishesWhatAKillBehindTheCheckpointLeft) {
  open().write_with_best(state(3), weights(3));
  const std::string older = directory_.read("run/weights.safetensors");
  open().write_with_best(state(6), weights(6));
  fs::rename(run_.weights(), run_.best());
  directory_.write("run/weights.safetensors", older);
  open().go_on(read_checkpoint(run_.checkpoint()).progress.best_updates, 0);
  EXPECT_EQ(seen(), 6);
  EXPECT_FALSE(fs::exists(run_.best()));
}

TEST_F(CheckpointerTest, ForgetsAModelThatNoCheckpointKnows) {
  open().write_with_best(state(3), weights(3));
  write_weights(run_.best(), weights(6), vocabularies_, {{"updates", "6"}});
  open().go_on(read_checkpoint(run_.checkpoint()).progress.best_updates, 0);
  EXPECT_EQ(seen(), 3);
  EXPECT_FALSE(fs::exists(run_.best()));
}

TEST_F(CheckpointerTest, KeepsTheBestModelBehindTheLast) {
  auto checkpointer = open();
  checkpointer.write_with_best(state(3), weights(3));
  checkpointer.show_last(weights(5), 5, 0.75, true);
  EXPECT_EQ(seen(), 5);
  checkpointer.go_on(3, 0);
  EXPECT_EQ(seen(), 3);
}

TEST_F(CheckpointerTest, KeepsItAlsoWhereTheWeightsAreALink) {
  auto checkpointer = open();
  checkpointer.write_with_best(state(3), weights(3));
  fs::rename(run_.weights(), directory_.path("store"));
  fs::create_symlink(directory_.path("store"), run_.weights());
  checkpointer.show_last(weights(5), 5, 0.75, true);
  EXPECT_EQ(seen(), 5);
  checkpointer.go_on(3, 0);
  EXPECT_EQ(seen(), 3);
  EXPECT_TRUE(fs::is_symlink(run_.weights()));
}

TEST_F(CheckpointerTest, CountsMetricsUpToTheCheckpoint) {
  {
    auto checkpointer = open();
    checkpointer.metrics().write("a", {});
    checkpointer.write(state(3));
    checkpointer.metrics().write("at the end", {});
    checkpointer.write_ended(state(3));
  }
  const auto bytes = read_checkpoint(run_.checkpoint()).metrics_bytes;
  EXPECT_EQ(bytes, static_cast<int64_t>(std::string("{\"event\":\"a\"}\n").size()));
  auto checkpointer = open();
  EXPECT_GT(checkpointer.metrics().size(), bytes) << "nothing is lost by looking";
  checkpointer.go_on(3, bytes);
  EXPECT_EQ(directory_.read("run/metrics.jsonl"), "{\"event\":\"a\"}\n");
}

}  // namespace
}  // namespace weft

#include "train/checkpoint.h"

#include <gmock/gmock.h>
#include <torch/types.h>

#include <filesystem>
#include <functional>

#include "base/error.h"
#include "base/temporary_directory.h"
#include "model/safetensors.h"

namespace weft {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kFile = "checkpoint.safetensors";

Checkpoint example() {
  Checkpoint checkpoint;
  checkpoint.progress.updates = 7;
  checkpoint.progress.skipped = 4;
  checkpoint.progress.position = {2, 3, 5};
  checkpoint.progress.sentences = 1L << 40;
  checkpoint.progress.target_tokens = 9;
  checkpoint.progress.seconds = 1.0 / 3;
  checkpoint.progress.wall_seconds = 1.0 / 7;
  checkpoint.progress.validations = 3;
  checkpoint.progress.validated_at = 6;
  checkpoint.progress.stalled = 2;
  checkpoint.progress.best = 1e-17;
  checkpoint.progress.best_updates = 5;
  checkpoint.progress.ended_at = 7;
  checkpoint.progress.window = {0.1, 2, 3, 4, 1.0 / 9};
  checkpoint.schedule = {{"plateau_scale", 0.1}};
  checkpoint.validation = "56-78";
  checkpoint.metrics_bytes = 1L << 33;
  checkpoint.tensors = {{"weight.w", torch::randn({2, 3})}, {"m.w", torch::randn({2, 3})}};
  checkpoint.generator = torch::tensor({1, 2, 255}, torch::kUInt8);
  checkpoint.config = "training:\n  seed: 3\n";
  checkpoint.corpus = "12-34";
  return checkpoint;
}

class CheckpointTest : public ::testing::Test {
 protected:
  std::string path() const { return directory_.path(kFile); }

  std::string complaint() const {
    try {
      read_checkpoint(path());
    } catch (const UserError& error) {
      return error.what();
    }
    return "no complaint";
  }

  void change(const std::function<void(TensorFile&)>& change) const {
    write_checkpoint(path(), example());
    auto file = read_tensors(directory_.path(kFile));
    change(file);
    write_tensors(directory_.path(kFile), file);
  }

  TemporaryDirectory directory_;
};

TEST_F(CheckpointTest, GivesBackEverything) {
  const auto written = example();
  write_checkpoint(path(), written);
  const auto read = read_checkpoint(path());
  EXPECT_EQ(read.progress.updates, 7);
  EXPECT_EQ(read.progress.skipped, 4);
  EXPECT_EQ(read.progress.position, (DataPosition{2, 3, 5}));
  EXPECT_EQ(read.progress.sentences, 1L << 40);
  EXPECT_EQ(read.progress.target_tokens, 9);
  EXPECT_EQ(read.progress.seconds, 1.0 / 3);
  EXPECT_EQ(read.progress.wall_seconds, 1.0 / 7);
  EXPECT_EQ(read.progress.validations, 3);
  EXPECT_EQ(read.progress.validated_at, 6);
  EXPECT_EQ(read.progress.stalled, 2);
  EXPECT_EQ(read.progress.best, 1e-17);
  EXPECT_EQ(read.progress.best_updates, 5);
  EXPECT_EQ(read.progress.ended_at, 7);
  EXPECT_EQ(read.progress.window.loss, 0.1);
  EXPECT_EQ(read.progress.window.loss_tokens, 2);
  EXPECT_EQ(read.progress.window.source_tokens, 3);
  EXPECT_EQ(read.progress.window.target_tokens, 4);
  EXPECT_EQ(read.progress.window.seconds, 1.0 / 9);
  EXPECT_EQ(read.schedule, written.schedule);
  EXPECT_EQ(read.validation, written.validation);
  EXPECT_EQ(read.metrics_bytes, 1L << 33);
  EXPECT_EQ(read.corpus, written.corpus);
  EXPECT_EQ(read.config, written.config);
  EXPECT_TRUE(torch::equal(read.generator, written.generator));
  ASSERT_EQ(read.tensors.size(), 2);
  for (const auto& [name, tensor] : written.tensors)
    EXPECT_TRUE(torch::equal(read.tensors.at(name), tensor)) << name;
}

TEST_F(CheckpointTest, KnowsThatNothingWasBestYet) {
  auto checkpoint = example();
  checkpoint.progress.best.reset();
  write_checkpoint(path(), checkpoint);
  EXPECT_FALSE(read_checkpoint(path()).progress.best.has_value());
}

TEST_F(CheckpointTest, ReplacesTheOneBeforeAndLeavesNothingElse) {
  write_checkpoint(path(), example());
  auto later = example();
  later.progress.updates = 8;
  write_checkpoint(path(), later);
  EXPECT_EQ(read_checkpoint(path()).progress.updates, 8);
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_.path("")), {}), 1);
}

TEST_F(CheckpointTest, RefusesAFileThatEndsEarly) {
  write_checkpoint(path(), example());
  const auto whole = directory_.read(kFile);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{7}, whole.size() / 2, whole.size() - 1}) {
    directory_.write(kFile, whole.substr(0, size));
    EXPECT_THAT(complaint(), AllOf(HasSubstr(kFile), HasSubstr("is damaged"))) << size;
  }
}

TEST_F(CheckpointTest, RefusesOtherVersionsAndOtherFiles) {
  change([](TensorFile& file) { file.metadata["weft_checkpoint"] = "1"; });
  EXPECT_THAT(complaint(), AllOf(HasSubstr("version 1"), HasSubstr("expected version 2 or 3")));
  change([](TensorFile& file) { file.metadata["weft_checkpoint"] = "4"; });
  EXPECT_THAT(complaint(), AllOf(HasSubstr("version 4"), HasSubstr("A newer Weft is needed")));
  change([](TensorFile& file) { file.metadata.clear(); });
  EXPECT_THAT(complaint(), HasSubstr("is not a checkpoint of Weft"));
}

// As Weft 0.1 wrote it.
TEST_F(CheckpointTest, ReadsVersion2) {
  TensorFile file{example().tensors, {}};
  file.tensors["generator"] = example().generator;
  file.metadata = {
      {"weft_checkpoint", "2"},
      {"progress",
       R"({"baseline":null,"batch":5,"best":27.5,"epoch":2,"rate_scale":0.25,"seconds":1.5,)"
       R"("sentences":640,"skipped":0,"stalled":3,"stalled_since_decay":1,"target_tokens":900,)"
       R"("updates":70,"validated_at":60,"validations":6,"window":1})"},
      {"config", "training:\n  seed: 3\n"},
      {"corpus", "12-34"}};
  write_tensors(path(), file);
  const auto read = read_checkpoint(path());
  EXPECT_EQ(read.progress.updates, 70);
  EXPECT_EQ(read.progress.position, (DataPosition{2, 1, 5}));
  EXPECT_EQ(read.progress.validated_at, 60);
  EXPECT_EQ(read.progress.stalled, 3);
  EXPECT_EQ(read.progress.best, 27.5);
  EXPECT_EQ(read.progress.wall_seconds, 1.5);
  EXPECT_EQ(read.progress.ended_at, -1);
  EXPECT_EQ(read.schedule, (ScheduleState{{"plateau_scale", 0.25}, {"plateau_stalled", 1}}));
  EXPECT_EQ(read.validation, "");
  EXPECT_EQ(read.metrics_bytes, -1) << "not known";
  EXPECT_EQ(read.tensors.size(), 2U);
}

TEST_F(CheckpointTest, RefusesAFileWithPartsMissing) {
  change([](TensorFile& file) { file.metadata.erase("progress"); });
  EXPECT_THAT(complaint(), HasSubstr("is damaged"));
  change([](TensorFile& file) { file.metadata["progress"] = "{"; });
  EXPECT_THAT(complaint(), HasSubstr("is damaged"));
  change([](TensorFile& file) { file.metadata["progress"] = "{\"updates\": 3}"; });
  EXPECT_THAT(complaint(), HasSubstr("is damaged"));
  change([](TensorFile& file) { file.metadata["schedule"] = "7"; });
  EXPECT_THAT(complaint(), HasSubstr("is damaged"));
  change([](TensorFile& file) { file.metadata.erase("config"); });
  EXPECT_THAT(complaint(), HasSubstr("is damaged"));
  change([](TensorFile& file) { file.tensors.erase("generator"); });
  EXPECT_THAT(complaint(), HasSubstr("is damaged"));
}

TEST_F(CheckpointTest, SaysWhereItCannotWrite) {
  EXPECT_THROW(write_checkpoint(directory_.path("absent/checkpoint"), example()), UserError);
}

}  // namespace
}  // namespace weft

#include "train/checkpoint.h"

#include <gmock/gmock.h>
#include <torch/torch.h>

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

constexpr const char* kFile = "training/checkpoint.safetensors";

Checkpoint example() {
  Checkpoint checkpoint;
  checkpoint.progress.updates = 7;
  checkpoint.progress.skipped = 4;
  checkpoint.progress.position = {2, 3, 5};
  checkpoint.progress.sentences = 1L << 40;
  checkpoint.progress.target_tokens = 9;
  checkpoint.progress.seconds = 1.0 / 3;
  checkpoint.progress.rate_scale = 0.1;
  checkpoint.progress.validations = 3;
  checkpoint.progress.validated_at = 6;
  checkpoint.progress.stalled = 2;
  checkpoint.progress.stalled_since_decay = 1;
  checkpoint.progress.best = 1e-17;
  checkpoint.tensors = {{"weight.w", torch::randn({2, 3})}, {"m.w", torch::randn({2, 3})}};
  checkpoint.generator = torch::tensor({1, 2, 255}, torch::kUInt8);
  checkpoint.config = "training:\n  seed: 3\n";
  checkpoint.corpus = "12-34";
  return checkpoint;
}

class CheckpointTest : public ::testing::Test {
 protected:
  std::string complaint() const {
    try {
      read_checkpoint(directory_.path(""));
    } catch (const UserError& error) {
      return error.what();
    }
    return "no complaint";
  }

  void change(const std::function<void(TensorFile&)>& change) const {
    write_checkpoint(directory_.path(""), example());
    auto file = read_tensors(directory_.path(kFile));
    change(file);
    write_tensors(directory_.path(kFile), file);
  }

  TemporaryDirectory directory_;
};

TEST_F(CheckpointTest, GivesBackEverything) {
  EXPECT_FALSE(has_checkpoint(directory_.path("")));
  const auto written = example();
  write_checkpoint(directory_.path(""), written);
  EXPECT_TRUE(has_checkpoint(directory_.path("")));
  const auto read = read_checkpoint(directory_.path(""));
  EXPECT_EQ(read.progress.updates, 7);
  EXPECT_EQ(read.progress.skipped, 4);
  EXPECT_EQ(read.progress.position, (DataPosition{2, 3, 5}));
  EXPECT_EQ(read.progress.sentences, 1L << 40);
  EXPECT_EQ(read.progress.target_tokens, 9);
  EXPECT_EQ(read.progress.seconds, 1.0 / 3);
  EXPECT_EQ(read.progress.rate_scale, 0.1);
  EXPECT_EQ(read.progress.validations, 3);
  EXPECT_EQ(read.progress.validated_at, 6);
  EXPECT_EQ(read.progress.stalled, 2);
  EXPECT_EQ(read.progress.stalled_since_decay, 1);
  EXPECT_EQ(read.progress.best, 1e-17);
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
  write_checkpoint(directory_.path(""), checkpoint);
  EXPECT_FALSE(read_checkpoint(directory_.path("")).progress.best.has_value());
}

TEST_F(CheckpointTest, ReplacesTheOneBeforeAndLeavesNothingElse) {
  write_checkpoint(directory_.path(""), example());
  auto later = example();
  later.progress.updates = 8;
  write_checkpoint(directory_.path(""), later);
  EXPECT_EQ(read_checkpoint(directory_.path("")).progress.updates, 8);
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_.path("training")), {}), 1);
}

TEST_F(CheckpointTest, RefusesAFileThatEndsEarly) {
  write_checkpoint(directory_.path(""), example());
  const auto whole = directory_.read(kFile);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{7}, whole.size() / 2, whole.size() - 1}) {
    directory_.write(kFile, whole.substr(0, size));
    EXPECT_THAT(complaint(), AllOf(HasSubstr(kFile), HasSubstr("is damaged"))) << size;
  }
}

TEST_F(CheckpointTest, RefusesOtherVersionsAndOtherFiles) {
  change([](TensorFile& file) { file.metadata["weft_checkpoint"] = "1"; });
  EXPECT_THAT(complaint(), AllOf(HasSubstr("version 1"), HasSubstr("expected 2")));
  change([](TensorFile& file) { file.metadata.clear(); });
  EXPECT_THAT(complaint(), HasSubstr("version unknown"));
}

TEST_F(CheckpointTest, RefusesAFileWithPartsMissing) {
  change([](TensorFile& file) { file.metadata.erase("progress"); });
  EXPECT_THAT(complaint(), HasSubstr("is damaged"));
  change([](TensorFile& file) { file.metadata["progress"] = "{"; });
  EXPECT_THAT(complaint(), HasSubstr("is damaged"));
  change([](TensorFile& file) { file.metadata["progress"] = "{\"updates\": 3}"; });
  EXPECT_THAT(complaint(), HasSubstr("is damaged"));
  change([](TensorFile& file) { file.metadata.erase("config"); });
  EXPECT_THAT(complaint(), HasSubstr("is damaged"));
  change([](TensorFile& file) { file.tensors.erase("generator"); });
  EXPECT_THAT(complaint(), HasSubstr("is damaged"));
}

TEST_F(CheckpointTest, SaysWhereItCannotWrite) {
  directory_.write("training", "");
  EXPECT_THROW(write_checkpoint(directory_.path(""), example()), UserError);
}

}  // namespace
}  // namespace weft

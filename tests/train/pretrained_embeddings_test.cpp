// Embeddings that begin from word vectors, in a run of training.

#include "train/pretrained_embeddings.h"

#include <gmock/gmock.h>
#include <torch/types.h>

#include <filesystem>

#include "text/user_error.h"
#include "train/copy_task.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

/// Vectors of a and c, and of a word that no vocabulary has.
class PretrainedTest : public ::testing::Test {
 protected:
  PretrainedTest() {
    auto& embedding = task_.config.model.embedding;
    embedding.source_vectors = task_.directory().write(
        "source.vec", "3 8\na 1 2 3 4 5 6 7 8\nzebra 9 9 9 9 9 9 9 9\nc 8 7 6 5 4 3 2 1\n");
    embedding.target_vectors = task_.directory().write("target.txt", "b 4 4 4 4 4 4 4 4\n");
    task_.config.vocabulary.source_file = task_.config.vocabulary.target_file =
        task_.directory().write("v.words", "a\nb\nc\nd\ne\nf\ng\nh\n");
  }
  torch::Tensor row(const std::string& run, const std::string& side, int64_t word) const {
    return task_.weights(run).tensors.at(side + "_embedding")[kFirstOrdinaryId + word];
  }

  const torch::Tensor of_a_ = torch::arange(1, 9).to(torch::kFloat32);
  CopyTask task_;
};

TEST_F(PretrainedTest, BeginsFromTheVectorsOfTheWordsThatAreFound) {
  task_.config.training.optimizer.learning_rate = 1e-9;
  task_.config.training.schedule.minimum_rate = 0;
  task_.train("with");
  const auto close = [](const torch::Tensor& x, const torch::Tensor& y) {
    return torch::allclose(x, y, 1e-5, 1e-5);
  };
  EXPECT_TRUE(close(row("with", "source", 0), of_a_));
  EXPECT_TRUE(close(row("with", "source", 2), of_a_.flip(0)));
  EXPECT_TRUE(close(row("with", "target", 1), torch::full({8}, 4.0F)));
  EXPECT_FALSE(close(row("with", "target", 0), of_a_));
  task_.config.model.embedding.source_vectors = task_.config.model.embedding.target_vectors = "";
  task_.train("without");  // the others begin as they would
  EXPECT_TRUE(close(row("with", "source", 1), row("without", "source", 1)));
  EXPECT_TRUE(close(row("with", "target", 0), row("without", "target", 0)));
}

// Averages, the clipped norm, a checkpoint: all go on as if the frozen matrix were not there.
TEST_F(PretrainedTest, KeepsFrozenEmbeddingsAsTheyAre) {
  task_.config.model.embedding.frozen_source = true;
  task_.train("whole");
  EXPECT_TRUE(torch::equal(row("whole", "source", 0), of_a_));
  EXPECT_FALSE(torch::equal(row("whole", "target", 1), torch::full({8}, 4.0F)));
  const auto checkpoint = task_.checkpoint("whole");
  EXPECT_EQ(checkpoint.tensors.at("m.source_embedding").abs().max().item<float>(), 0);
  EXPECT_TRUE(torch::equal(checkpoint.tensors.at("weight.source_embedding"),
                           checkpoint.tensors.at("average.source_embedding")));
  task_.train("parts", after(5));
  std::filesystem::remove(task_.path("source.vec"));  // a run that goes on does not need it
  task_.train("parts");
  for (const auto& [name, tensor] : task_.weights("whole").tensors)
    EXPECT_TRUE(torch::equal(tensor, task_.weights("parts").tensors.at(name))) << name;
}

TEST_F(PretrainedTest, FreezesWhatIsTiedToTheTarget) {
  task_.config.model.embedding.frozen_target = true;
  task_.train("run");
  EXPECT_TRUE(torch::equal(row("run", "target", 1), torch::full({8}, 4.0F)));
  EXPECT_FALSE(torch::equal(row("run", "source", 0), of_a_));
}

TEST_F(PretrainedTest, TellsOfFilesThatDoNotFitBeforeWorkBegins) {
  task_.directory().write("target.txt", "b 4 4 4\n");
  task_.config.model.embedding.source_vectors = task_.path("absent.vec");
  const auto message = user_error([&] { task_.train("run"); });
  EXPECT_THAT(message, HasSubstr("absent.vec"));
  EXPECT_THAT(message, HasSubstr("target.txt:1: vectors of 3 numbers; expected 8, which is "
                                 "model.embedding.target"));
  EXPECT_FALSE(std::filesystem::exists(task_.path("run")));
}

// What is in the files decides, as with text.
TEST_F(PretrainedTest, ResumesWhereTheFilesHaveMoved) {
  task_.train("whole");
  task_.train("moved", after(3));
  const auto& directory = task_.directory();
  auto& embedding = task_.config.model.embedding;
  auto& vocabulary = task_.config.vocabulary;
  const auto vectors = directory.read("source.vec");
  embedding.source_vectors = directory.write("other.vec", vectors + "yak 1 1 1 1 1 1 1 1\n");
  vocabulary.source_file = directory.write("other.words", directory.read("v.words"));
  for (const char* name : {"source.vec", "v.words"}) std::filesystem::remove(task_.path(name));
  EXPECT_EQ(task_.train("moved"), TrainingEnd::kStopAfter);
  EXPECT_TRUE(torch::equal(task_.checkpoint("moved").tensors.at("weight.source_embedding"),
                           task_.checkpoint("whole").tensors.at("weight.source_embedding")));
}

TEST_F(PretrainedTest, DoesNotResumeWithOtherContent) {
  task_.train("run", after(3));
  const auto complaint = [&] {
    try {
      task_.train("run");
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string("no complaint");
  };
  const auto config = task_.config;
  task_.config.model.embedding.target_vectors =
      task_.directory().write("other.txt", "b 4 4 4 4 4 4 4 5\n");
  EXPECT_THAT(complaint(), HasSubstr("began from other word vectors"));
  task_.config.model.embedding.target_vectors = "";
  EXPECT_THAT(complaint(), HasSubstr("another value of 'model.embedding.target_vectors'"));
  task_.config = config;
  task_.config.vocabulary.target_file =
      task_.directory().write("other.words", "b\na\nc\nd\ne\nf\ng\nh\n");
  EXPECT_THAT(complaint(), HasSubstr("another value of 'vocabulary.target_file'"));
  task_.config.vocabulary.target_file = task_.path("absent.words");
  EXPECT_THAT(complaint(), HasSubstr("absent.words"));
  task_.config = config;
  EXPECT_EQ(complaint(), "no complaint");
}

}  // namespace
}  // namespace weft

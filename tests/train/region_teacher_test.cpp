#include "train/region_teacher.h"

#include <gmock/gmock.h>
#include <torch/types.h>

#include "base/log.h"
#include "base/temporary_directory.h"
#include "data/make_batch.h"
#include "text/user_error.h"
#include "train/run_files.h"
#include "train/training_run.h"
#include "train/training_task.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// In cells of 10 x 10 over 2 x 4 annotations: a box of one, and one over halves of two columns.
constexpr const char* kTwoPhrases =
    R"({"image":"a.ppm","width":40,"height":20,"boxes":{"1":[[0,0,10,10]],"2":[[15,0,25,20]]},)"
    R"("sentences":[{"text":"A dog sees two cats .","phrases":[[0,2,"1","dog"],[2,3,"9","none"],)"
    R"([3,5,"2","cat"]]}]})"
    "\n";

/// Two pictures, and the config of a small model of them.
class RegionTeacherTest : public testing::Test {
 protected:
  RegionTeacherTest() {
    set_log_level(LogLevel::kOff);
    for (const std::string name : {"a.ppm", "b.ppm"})
      directory_.write(name, "P6\n32 16\n255\n" + std::string(32 * 16 * 3, '\x7f'));
    config_.data.source_kind = {SourceKind::kImage};
    config_.data.source_root = directory_.path("");
    config_.data.image.height = 16;
    config_.data.image.width = 32;
    config_.data.train_source = {directory_.write("names", "a.ppm\nb.ppm\n")};
    config_.data.train_target = {directory_.write("text", "a Dog sees two cats.\nno dog\n")};
    config_.vocabulary.type = VocabularyType::kWords;
    config_.model.input.convolution = ImageConvolution::kSmall;
    config_.model.encoder.type = EncoderType::kAnnotations;
    config_.model.embedding = {8, 8, EmbeddingTying::kNone};
    config_.model.attention.width = config_.model.decoder.hidden = config_.model.decoder.readout =
        8;
    config_.training.threads = 1;
    config_.training.stop_after = {2, Period::Unit::kUpdates};
    config_.training.guided_alignment.weight = 1;
  }
  ~RegionTeacherTest() override { set_log_level(LogLevel::kInfo); }

  void teach(const std::string& gold) {
    config_.training.guided_alignment.regions = directory_.write("gold", gold);
  }
  /// What the attention of the words of pair 0 is taught: [T + 1, S].
  torch::Tensor taught() const {
    const TrainingTask task(config_, {directory_.path("")});
    return make_batch(task.corpus(), {0}).guidance[0];
  }
  /// Vectors of two numbers, one behind the other.
  void use_vectors(int count) {
    std::string header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(count) + ", 2), }";
    header.resize(117, ' ');
    directory_.write("a.npy", std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + "\n" +
                                  std::string(static_cast<std::size_t>(count) * 8, '\0'));
    config_.data.source_kind = {SourceKind::kFeatures};
    config_.model.input.convolution = ImageConvolution::kNone;
    config_.data.train_source = {directory_.write("names", "a.npy\n")};
    config_.data.train_target = {directory_.write("text", "one two\n")};
  }

  TemporaryDirectory directory_;
  Config config_;
};

TEST_F(RegionTeacherTest, SpreadsAPhraseOverTheCellsOfItsBoxes) {
  teach(kTwoPhrases);
  const auto expected = torch::tensor({1.0, 0.0,  0.0,  0.0, 0.0, 0.0,  0.0,  0.0,   // a
                                       1.0, 0.0,  0.0,  0.0, 0.0, 0.0,  0.0,  0.0,   // Dog
                                       0.0, 0.0,  0.0,  0.0, 0.0, 0.0,  0.0,  0.0,   // sees
                                       0.0, 0.25, 0.25, 0.0, 0.0, 0.25, 0.25, 0.0,   // two
                                       0.0, 0.25, 0.25, 0.0, 0.0, 0.25, 0.25, 0.0,   // cats.
                                       0.0, 0.0,  0.0,  0.0, 0.0, 0.0,  0.0,  0.0},  // the end
                                      torch::kFloat)
                            .view({6, 8});
  EXPECT_TRUE(torch::equal(taught(), expected)) << taught();
  config_.data.right_to_left = true;
  EXPECT_TRUE(torch::equal(taught().narrow(0, 0, 5), expected.narrow(0, 0, 5).flip(0)));
}

TEST_F(RegionTeacherTest, LooksAtAllBoxesOfWordsInSeveralPhrases) {
  teach(
      R"({"image":"a.ppm","width":4,"height":2,"boxes":{"1":[[0,0,1,1]],"2":[[3,1,4,2],[0,0,1,1]]},)"
      R"("sentences":[{"text":"a dog sees two cats .","phrases":[[0,4,"1","x"],[1,2,"2","y"]]}]})"
      "\n");
  const auto rows = taught();
  EXPECT_EQ(rows[0][0].item<float>(), 1);
  EXPECT_EQ(rows[1][0].item<float>(), 0.5);
  EXPECT_EQ(rows[1][7].item<float>(), 0.5);
  EXPECT_EQ(rows[2][0].item<float>(), 1);
  EXPECT_EQ(rows[4].sum().item<float>(), 0);
}

TEST_F(RegionTeacherTest, LeavesTheMeanOfThePictureAlone) {
  teach(kTwoPhrases);
  config_.model.input.global = true;
  const auto rows = taught();
  EXPECT_EQ(rows.size(1), 9);
  EXPECT_EQ(rows[0][0].item<float>(), 1);
  EXPECT_EQ(rows.select(1, 8).sum().item<float>(), 0);
}

TEST_F(RegionTeacherTest, TeachesWhenASoundIsHeard) {
  use_vectors(4);
  teach(R"({"sound":"a.npy","width":0.4,"height":1,"boxes":{"1":[[0.1,0,0.25,1]]},)"
        R"("sentences":[{"text":"one two","phrases":[[1,2,"1","x"]]}]})"
        "\n");
  const auto rows = taught();
  EXPECT_EQ(rows[0].sum().item<float>(), 0);
  const auto expected = torch::tensor({0.0, 2 / 3.0, 1 / 3.0, 0.0}, torch::kFloat);
  EXPECT_LT((rows[1] - expected).abs().max().item<float>(), 0.002) << rows;
}

TEST_F(RegionTeacherTest, RefusesWhatCannotTeach) {
  teach(std::string(kTwoPhrases).replace(11, 1, "b"));
  EXPECT_EQ(user_error([&] { taught(); }),
            directory_.path("gold") +
                ": has regions for no pair of the training text; expected some of its items, with "
                "its targets as their sentences (training.guided_alignment.regions)");
  use_vectors(4);
  teach(
      R"({"image":"a.npy","width":4,"height":1,"boxes":{},"sentences":[{"text":"one two","phrases":[]}]})");
  EXPECT_EQ(user_error([&] { taught(); }),
            directory_.path("names") +
                ":1: 'a.npy' has gold regions (training.guided_alignment.regions), but its vectors "
                "are a sequence; expected those of a grid");
}

TEST_F(RegionTeacherTest, TellsWhereItsFileIsWrongBeforeWorkBegins) {
  const auto mistakes = [&] {
    Problems problems;
    check_files(config_, false, problems);
    return problems.messages();
  };
  teach(kTwoPhrases);
  EXPECT_THAT(mistakes(), ElementsAre());
  std::string wrong = kTwoPhrases;
  wrong.replace(wrong.find("[15,0,25,20]"), 12, "[35,0,25,20]");
  teach(kTwoPhrases + wrong);
  EXPECT_THAT(mistakes(),
              ElementsAre(HasSubstr(directory_.path("gold") + ":2: has box [35,0,25,")));
  config_.training.guided_alignment.regions = directory_.path("none");
  EXPECT_THAT(mistakes(), ElementsAre(HasSubstr("none: cannot be opened")));
}

TEST_F(RegionTeacherTest, BelongsToTheRun) {
  teach(kTwoPhrases);
  const auto train = [&](int64_t updates) {
    config_.training.stop_after = {updates, Period::Unit::kUpdates};
    train_model(config_, directory_.path("run"), {[] { return false; }, {}});
  };
  train(1);
  config_.training.guided_alignment.regions = directory_.write("moved", kTwoPhrases);
  EXPECT_NO_THROW(train(2));
  std::string other = kTwoPhrases;
  teach(other.replace(other.find("[0,0,10,10]"), 11, "[0,0,10,20]"));
  EXPECT_THROW(train(3), UserError);
}

}  // namespace
}  // namespace weft

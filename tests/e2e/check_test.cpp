// weft check: what is wrong with a config and its files, all at once, and what would not fit.

#include <gmock/gmock.h>

#include <filesystem>
#include <string>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;

class Check : public testing::Test {
 protected:
  Outcome check(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"check", "-c", reversal_task().config(), "--set",
                                       "training.threads=1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_weft(arguments);
  }
  TemporaryDirectory directory_;
};

TEST_F(Check, TrainsAndValidatesOnTheLargestBatches) {
  const auto outcome = check({});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, testing::AllOf(HasSubstr("training text: "),
                                          HasSubstr("the largest training batch, "),
                                          HasSubstr("the largest validation batch, "),
                                          HasSubstr("peak memory "), HasSubstr("no mistakes\n")));
  EXPECT_FALSE(std::filesystem::exists("runs"));
  EXPECT_THAT(check({"--set", "training.batch_sentences=3"}).out,
              HasSubstr("the largest training batch, 3 pairs of "));
  const auto files = check({"--no-dry-run"});
  EXPECT_EQ(files.out, reversal_task().config() + ": no mistakes\n");
}

TEST_F(Check, TellsAllMistakesOfConfigAndFilesAtOnce) {
  const auto broken = directory_.write("broken.txt", "a\nb \xff\n");
  const auto config =
      directory_.write("config.yaml", "data:\n  train_source: " + broken +
                                          "\n  train_target: " + directory_.path("nowhere") +
                                          "\nmodel:\n  encoder:\n    hiden: 3\ntraining:\n"
                                          "  batch_tokens: many\n");
  const auto outcome = run_weft({"check", "-c", config});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(lines_of(outcome.err).size(), 4U) << outcome.err;
  EXPECT_THAT(outcome.err, testing::AllOf(HasSubstr(config + ":6:5: unknown key 'hiden'"),
                                          HasSubstr(config + ":8:17: training.batch_tokens"),
                                          HasSubstr(broken + ":2: not valid UTF-8"),
                                          HasSubstr(directory_.path("nowhere") + ": ")));
}

TEST_F(Check, NamesAPatternAModelAndADirectoryThatDoNotFit) {
  EXPECT_THAT(check({"--set", "training.freeze=encodr.*"}).err,
              HasSubstr("training.freeze has 'encodr.*'"));
  const auto outcome =
      check({"-m", reversal_task().config(), "--set", "training.from=" + directory_.path("x"),
             "--set", "training.distillation.teacher=" + directory_.path("y")});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(lines_of(outcome.err).size(), 3U) << outcome.err;
  EXPECT_THAT(check({"--set", "training.distillation.teacher=" + chinese_model()}).err,
              HasSubstr("other vocabularies than the model"));
}

TEST_F(Check, ExplainsWhereEachValueComesFrom) {
  const auto config =
      directory_.write("config.yaml", "training:\n  seed: 7\n  batch_tokens: 500\n");
  for (const char* command : {"check", "train"}) {
    const auto outcome =
        run_weft({command, "-c", config, "--explain-config", "--set", "training.batch_tokens=600"});
    const auto has = [&](const std::string& line) {
      EXPECT_THAT(outcome.out, HasSubstr("\n  " + line + "\n")) << command;
    };
    has("seed: 7  # " + config + ":2");
    has("batch_tokens: 600  # --set training.batch_tokens=600");
    has("accumulate: 1  # default");
  }
}

}  // namespace
}  // namespace weft::e2e

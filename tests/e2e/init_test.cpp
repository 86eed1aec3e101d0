// weft init: from two files to a model that translates.

#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// The Chinese task's training text in a directory of its own, as a person would have it.
class Init : public testing::Test {
 protected:
  Init() {
    directory_.write("train.en", file_text(chinese_task().path("train.src")));
    directory_.write("train.zh", file_text(chinese_task().path("train.trg")));
  }

  Outcome run(const std::string& script) { return run_shell(script, directory_.path("")); }

  TemporaryDirectory directory_;
};

TEST_F(Init, LeadsFromTwoFilesToATranslation) {
  const auto init = run("$WEFT init -s train.en -t train.zh");
  ASSERT_EQ(init.status, 0) << init.err;
  EXPECT_EQ(init.out, "");
  EXPECT_THAT(init.err, HasSubstr("next: weft train -c config.yaml -m MODEL"));

  // As it stands, but for its length and one thread.
  const auto train =
      run("$WEFT train -c config.yaml -m model --set training.stop_after=2e "
          "--set training.validation.every=1e --set training.threads=1");
  ASSERT_EQ(train.status, 0) << train.err;
  EXPECT_THAT(train.err, Not(HasSubstr("WARNING")));

  const auto translate =
      run("echo 'The old dog sees a cat.' | $WEFT translate -m model --alignment text");
  EXPECT_EQ(translate.status, 0) << translate.err;
  EXPECT_THAT(translate.out, HasSubstr("The"));
}

TEST_F(Init, TakesCompressedText) {
  const auto outcome =
      run("gzip train.en && $WEFT init -s train.en.gz -t train.zh -o "
          "a.yaml "
          "&& $WEFT train -c a.yaml --dump-config | grep train_source");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("[a.train.source]"));
}

TEST_F(Init, LeavesNothingBehindAfterAMistake) {
  const auto outcome =
      run("head -n 9 train.zh >short.zh; $WEFT init -s train.en -t short.zh; "
          "echo $?; ls");
  EXPECT_EQ(outcome.out, "2\nshort.zh\ntrain.en\ntrain.zh\n");
  EXPECT_THAT(outcome.err, HasSubstr("train.en has 400 lines, but short.zh has 9"));
}

TEST_F(Init, OverwritesNothing) {
  ASSERT_EQ(run("$WEFT init -s train.en -t train.zh").status, 0);
  const auto again = run("md5sum *; $WEFT init -s train.en -t train.zh; echo $?; md5sum *");
  const auto lines = lines_of(again.out);
  const auto half = lines.size() / 2;
  EXPECT_EQ(lines.at(half), "2");
  EXPECT_EQ(std::vector(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(half)),
            std::vector(lines.begin() + static_cast<std::ptrdiff_t>(half) + 1, lines.end()));
  EXPECT_THAT(again.err, StartsWith("config.yaml: exists already"));
}

TEST_F(Init, SaysWhatItNeeds) {
  EXPECT_THAT(run("$WEFT init").err, HasSubstr("--source is required"));
  EXPECT_THAT(run("$WEFT init --help").out, HasSubstr("Name of the config; not overwritten"));
}

}  // namespace
}  // namespace weft::e2e

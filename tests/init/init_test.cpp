#include "init/init.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/log.h"
#include "base/temporary_directory.h"
#include "config/config_reader.h"
#include "text/user_error.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Machine kMachine{.cores = 2, .memory_bytes = int64_t{8} << 30, .processor = "test"};

class InitTest : public testing::Test {
 protected:
  void SetUp() override { set_log_level(LogLevel::kError); }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  InitOptions given_files(const std::string& source, const std::string& target) {
    InitOptions options;
    options.sources = {directory_.write("a.en", source)};
    options.targets = {directory_.write("a.de", target)};
    options.output = directory_.path("run.yaml");
    return options;
  }

  std::string refusal(const InitOptions& given) {
    return user_error([&] { init_config(given, kMachine); });
  }

  /// `pairs` lines, each of its own.
  static std::string lines(const std::string& word, int pairs) {
    std::string text;
    for (int i = 0; i < pairs; ++i) text += word + std::to_string(i) + " " + word + "\n";
    return text;
  }

  TemporaryDirectory directory_;
};

TEST_F(InitTest, SplitsValidationOffAndNamesTheFiles) {
  init_config(given_files(lines("a", 200), lines("b", 200)), kMachine);
  const auto config = read_config(directory_.path("run.yaml"));
  EXPECT_THAT(config.data.train_source, ElementsAre(directory_.path("run.train.source")));
  EXPECT_THAT(config.data.valid_target, ElementsAre(directory_.path("run.valid.target")));
  const auto valid = directory_.read("run.valid.source");
  EXPECT_EQ(std::count(valid.begin(), valid.end(), '\n'), 20);
  const auto train = directory_.read("run.train.target");
  EXPECT_EQ(std::count(train.begin(), train.end(), '\n'), 180);
}

TEST_F(InitTest, TakesValidationTextThatIsGiven) {
  auto given = given_files(lines("a", 200), lines("b", 200));
  given.valid_sources = {directory_.write("v.en", "x\n")};
  given.valid_targets = {directory_.write("v.de", "y\n")};
  init_config(given, kMachine);
  const auto config = read_config(directory_.path("run.yaml"));
  EXPECT_EQ(config.data.train_source, given.sources);
  EXPECT_EQ(config.data.valid_source, given.valid_sources);
  EXPECT_FALSE(std::filesystem::exists(directory_.path("run.train.source")));
}

TEST_F(InitTest, DoesWithoutValidationWhereNothingCanBeSplitOff) {
  init_config(given_files("a\nb\n", "A\nB\n"), kMachine);
  EXPECT_TRUE(read_config(directory_.path("run.yaml")).data.valid_source.empty());
}

TEST_F(InitTest, OverwritesNothing) {
  const auto given = given_files(lines("a", 200), lines("b", 200));
  directory_.write("run.yaml", "mine");
  directory_.write("run.valid.target", "mine too");
  const auto message = refusal(given);
  EXPECT_THAT(message, HasSubstr("run.yaml: exists already; expected a name that is free (-o)"));
  EXPECT_THAT(message, HasSubstr("run.valid.target: exists already"));
  EXPECT_EQ(directory_.read("run.yaml"), "mine");
  EXPECT_EQ(directory_.read("run.valid.target"), "mine too");
}

TEST_F(InitTest, TellsANameThatIsTooLongBeforeAnyWork) {
  auto given = given_files("a\n", "a\nb\n");  // of which nothing is said: it is not yet read
  given.output = directory_.path(std::string(300, 'x'));
  EXPECT_EQ(refusal(given), given.output + ": cannot be written (File name too long)");
}

TEST_F(InitTest, TellsUnequalLines) {
  EXPECT_THAT(refusal(given_files("a\nb\n", "A\n")), HasSubstr("has 2 lines"));
  EXPECT_FALSE(std::filesystem::exists(directory_.path("run.yaml")));
}

TEST_F(InitTest, TellsTheSameFileTwice) {
  auto given = given_files("a\tA\n", "");
  std::filesystem::create_symlink("a.en", directory_.path("link"));
  given.targets = {directory_.path("link")};
  EXPECT_THAT(refusal(given), HasSubstr("link: is given as source and as target"));
}

TEST_F(InitTest, TellsEverythingThatIsWrongWithTheFiles) {
  auto given = given_files("a\xFF\n", "A\n");
  given.targets = {directory_.path("missing")};
  const auto message = refusal(given);
  EXPECT_THAT(message, HasSubstr("a.en:1: not valid UTF-8"));
  EXPECT_THAT(message, HasSubstr("missing: "));
}

TEST_F(InitTest, TellsATextWithoutPairs) {
  EXPECT_THAT(refusal(given_files("", "")),
              HasSubstr("holds no sentence that has a translation (0 lines)"));
  EXPECT_THAT(refusal(given_files("a\n\n", "\nB\n")), HasSubstr("(2 lines)"));
  EXPECT_FALSE(std::filesystem::exists(directory_.path("run.yaml")));
}

TEST_F(InitTest, TellsStreams) {
  auto given = given_files("a\n", "A\n");
  given.sources = {"-"};
  EXPECT_THAT(refusal(given), HasSubstr("standard input: is a stream"));
  given.sources = {"/dev/null"};
  EXPECT_THAT(refusal(given), HasSubstr("/dev/null: is a stream"));
}

TEST_F(InitTest, TellsNamesThatAConfigCannotHold) {
  auto given = given_files("a\n", "A\n");
  given.sources = {directory_.write("caf\xE9", "a\n")};
  EXPECT_THAT(refusal(given), HasSubstr("is a name that is not UTF-8"));
}

TEST_F(InitTest, TellsHalfAValidation) {
  auto given = given_files("a\n", "A\n");
  given.valid_sources = given.sources;
  EXPECT_THAT(refusal(given), HasSubstr("--valid-source is given without --valid-target"));
}

}  // namespace
}  // namespace weft

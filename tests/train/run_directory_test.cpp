#include "train/run_directory.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

TEST(RunDirectory, RemovesWhatAKillHasLeftAndNothingElse) {
  const TemporaryDirectory directory;
  const std::string path = directory.path("run");
  { const RunDirectory first(path); }
  const std::vector<std::string> remains{"config.yaml.tmp-4711",
                                         "README.tmp-abc123",
                                         "weights.safetensors.tmp-k2j3h4",
                                         "source.spm.tmp-a1b2c3",
                                         "factor1.words.tmp-9",
                                         "training/checkpoint.safetensors.tmp-q1w2e3",
                                         "training/best.safetensors.tmp-q1w2e3"};
  const std::vector<std::string> others{"notes.tmp-1", "weights.safetensors", "source.spm",
                                        "weights.safetensors.tmp-", "training/best.safetensors"};
  for (const auto& names : {remains, others})
    for (const auto& name : names) directory.write("run/" + name, "x");
  const RunDirectory second(path);
  for (const auto& name : remains) EXPECT_FALSE(fs::exists(path + "/" + name)) << name;
  for (const auto& name : others) EXPECT_TRUE(fs::exists(path + "/" + name)) << name;
}

TEST(RunDirectory, LocksAsLongAsItLives) {
  const TemporaryDirectory directory;
  std::optional<RunDirectory> first;
  first.emplace(directory.path("run"));
  EXPECT_THROW(RunDirectory(directory.path("run")), UserError);
  EXPECT_NO_THROW(RunDirectory(directory.path("other")));
  first.reset();
  EXPECT_NO_THROW(RunDirectory(directory.path("run")));
}

TEST(RunDirectory, TakesOneThatAKillLeftBeforeTheLock) {
  const TemporaryDirectory directory;
  fs::create_directories(directory.path("run/training"));
  EXPECT_NO_THROW(RunDirectory(directory.path("run")));
}

TEST(RunDirectory, RefusesAFolderOfTheUsersOwnThatIsCalledTraining) {
  const TemporaryDirectory directory;
  fs::create_directories(directory.path("run/training"));
  directory.write("run/training/text.en", "x");
  EXPECT_THROW(RunDirectory(directory.path("run")), UserError);
}

TEST(RunDirectory, NamesNoMoreThanFiveFiles) {
  const TemporaryDirectory directory;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) directory.write(name, "");
  try {
    const RunDirectory run(directory.path(""));
    FAIL() << "no complaint";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("(a, b, c, d, e and 2 more)"), std::string::npos)
        << error.what();
  }
}

TEST(RunDirectory, SaysThatANameIsTooLong) {
  const TemporaryDirectory directory;
  const auto path = directory.path(std::string(300, 'x'));
  EXPECT_FALSE(has_checkpoint(path));
  EXPECT_THROW(RunDirectory{path}, UserError);
}

}  // namespace
}  // namespace weft

#include "config/config_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/compare.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::filesystem::path kConfigs = std::filesystem::path(WEFT_TEST_DATA) / "configs";

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> names_of_bad_configs() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kConfigs)) {
    const std::string name = entry.path().stem().string();
    if (name.starts_with("bad_") && entry.path().extension() == ".yaml") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Each bad_x.yaml has its exact messages in bad_x.expected.
class BadConfig : public testing::TestWithParam<std::string> {};

TEST_P(BadConfig, IsRefusedWithTheExpectedMessages) {
  const std::string file = GetParam() + ".yaml";
  const std::string expected = read_text(kConfigs / (GetParam() + ".expected"));
  try {
    parse_config(read_text(kConfigs / file), file);
    FAIL() << "accepted " << file;
  } catch (const UserError& error) {
    EXPECT_EQ(std::string(error.what()) + "\n", expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Files, BadConfig, testing::ValuesIn(names_of_bad_configs()),
                         [](const auto& file) { return file.param; });

TEST(ReadConfig, TakesWhatTheFileSays) {
  const Config config = read_config(kConfigs / "good_small.yaml");
  EXPECT_THAT(config.data.train_source, ElementsAre("corpus/train.de"));
  EXPECT_THAT(config.data.train_target, ElementsAre("corpus/train part 1.en"));
  EXPECT_THAT(config.data.valid_source, ElementsAre("valid.de"));
  EXPECT_EQ(config.vocabulary.type, VocabularyType::kWords);
  EXPECT_FALSE(config.vocabulary.byte_fallback);
  EXPECT_EQ(config.model.encoder.cell, CellType::kLstm);
  EXPECT_EQ(config.model.encoder.layers, 2);
  EXPECT_EQ(config.training.stop_after.count, 100'000);
  EXPECT_EQ(config.training.stop_after.unit, Period::Unit::kUpdates);
  EXPECT_EQ(config.training.time_limit_seconds, 3600.0);
  EXPECT_EQ(config.training.optimizer.learning_rate, 5e-4);
  EXPECT_EQ(config.training.optimizer.beta2, 0.98);
  EXPECT_EQ(config.training.validation.every.count, 1'000'000);
  EXPECT_EQ(config.training.validation.every.unit, Period::Unit::kTargetTokens);
  EXPECT_EQ(config.training.validation.metric, ValidationMetric::kChrf);
}

TEST(ReadConfig, LeavesEverythingElseAtItsDefault) {
  EXPECT_THAT(differing_keys(read_config(kConfigs / "good_small.yaml"), Config{}),
              ElementsAre("data.train_source", "data.train_target", "data.valid_source",
                          "data.valid_target", "vocabulary.type", "vocabulary.byte_fallback",
                          "model.encoder.cell", "model.encoder.layers", "training.stop_after",
                          "training.time_limit_seconds", "training.optimizer.learning_rate",
                          "training.optimizer.beta2", "training.validation.every",
                          "training.validation.metric"));
  EXPECT_THAT(differing_keys(parse_config("{}", "empty.yaml"), Config{}), IsEmpty());
}

TEST(ReadConfig, TakesByteOrderMarkWindowsLinesAndUnicode) {
  const Config config = read_config(kConfigs / "good_bom_crlf.yaml");
  EXPECT_THAT(config.data.train_source, ElementsAre("\u00fcbung.de"));
}

TEST(ReadConfig, TakesOneSharedVocabulary) {
  const Config config = read_config(kConfigs / "good_shared.yaml");
  EXPECT_EQ(config.model.embedding.tying, EmbeddingTying::kAll);
  EXPECT_EQ(config.vocabulary.target_file, "joint.model");
}

TEST(ReadConfig, NamesAFileThatCannotBeRead) {
  for (const std::string& path : {std::string("no/such/config.yaml"), kConfigs.string()}) {
    try {
      read_config(path);
      FAIL() << "accepted " << path;
    } catch (const UserError& error) {
      EXPECT_THAT(error.what(), HasSubstr(path));
    }
  }
}

TEST(ReadConfig, CallsTheFileByItsPath) {
  const std::string path = kConfigs / "bad_unknown_key.yaml";
  try {
    read_config(path);
    FAIL();
  } catch (const UserError& error) {
    EXPECT_EQ(error.what(),
              path + ":3:5: unknown key 'hiden' in 'model.encoder'; did you mean 'hidden'?");
  }
}

// Without the end of the message, which depends on yaml-cpp's version.
TEST(ReadConfig, PlacesAnUnknownAlias) {
  try {
    parse_config("model:\n  encoder: *shape\n", "alias.yaml");
    FAIL();
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), StartsWith("alias.yaml:2:12: not valid YAML: "));
  }
}

// A model file is never trusted: a tree deep enough to overflow the stack must not be walked.
TEST(ReadConfig, RefusesEndlessNesting) {
  EXPECT_THROW(parse_config(std::string(200'000, '['), "deep.yaml"), UserError);
  EXPECT_THROW(parse_config("model: &m\n  encoder: *m\n", "loop.yaml"), UserError);
}

}  // namespace
}  // namespace weft

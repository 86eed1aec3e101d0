#include "config/old_keys.h"

#include <gmock/gmock.h>

#include "base/error.h"
#include "config/config_reader.h"
#include "config/dump.h"

namespace weft {
namespace {

using testing::ElementsAre;

TEST(OldKeys, OfSeveralSourcesStillCount) {
  const auto config = parse_config(
      "data:\n"
      "  further_train_source: [a.fr, b.fr, a.es, b.es]\n"
      "  train_source: [a.de, b.de]\n"
      "  train_target: [a.en, b.en]\n"
      "vocabulary: {further_sizes: [300, 400], source_size: 200}\n",
      "run.yaml",
      {"data.further_valid_source=[v.fr, v.es]", "data.valid_source=v.de",
       "data.valid_target=v.en"});
  EXPECT_THAT(config.data.source_kind,
              ElementsAre(SourceKind::kText, SourceKind::kText, SourceKind::kText));
  EXPECT_THAT(config.data.train_source,
              ElementsAre("a.de", "b.de", "a.fr", "b.fr", "a.es", "b.es"));
  EXPECT_THAT(config.data.valid_source, ElementsAre("v.de", "v.fr", "v.es"));
  EXPECT_THAT(config.vocabulary.source_size, ElementsAre(200, 300, 400));
  const auto again = parse_config(dump_config(config), "dump.yaml");
  EXPECT_EQ(again.data.train_source, config.data.train_source);
  EXPECT_EQ(again.vocabulary.source_size, config.vocabulary.source_size);
}

TEST(OldKeys, AreReadAsStrictlyAsOthers) {
  try {
    parse_config("data: {train_source: [a, b], train_target: c}\nvocabulary: {further_sizes: [x]}",
                 "run.yaml");
    FAIL() << "no complaint";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(),
                 "run.yaml:2:29: vocabulary.further_sizes is ['x']; expected a list of integers in "
                 "[8, 16777216]");
  }
}

}  // namespace
}  // namespace weft

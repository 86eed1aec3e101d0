#include "config/dump.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "config/compare.h"
#include "config/config_reader.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST(DumpConfig, WritesSectionsInOrderWithDefaults) {
  const std::string yaml = dump_config(Config{});
  EXPECT_THAT(yaml, StartsWith("data:\n"
                               "  source_kind: [text]\n"
                               "  train_source: []\n"
                               "  train_target: []\n"
                               "  valid_source: []\n"
                               "  valid_target: []\n"
                               "  train_format: [lines]\n"
                               "  valid_format: [lines]\n"
                               "  json_keys: [source, target]\n"
                               "  corpora:\n"
                               "    weights: []\n"
                               "    temperature: 0.0\n"
                               "    tags: []\n"
                               "  train_sentence_weights: []\n"
                               "  train_word_weights: []\n"
                               "  filter:\n"
                               "    min_length: 0\n"
                               "    max_ratio: 0.0\n"
                               "    duplicates: false\n"
                               "  subword_sampling:\n"
                               "    source: 0.0\n"
                               "    target: 0.0\n"
                               "    nbest: 0\n"
                               "  source_root: \"\"\n"
                               "  image:\n"
                               "    height: 224\n"
                               "    width: 224\n"
                               "    channels: 3\n"
                               "    resize: stretch\n"
                               "  audio:\n"
                               "    sample_rate: 16000\n"
                               "    window: 0.025\n"
                               "    hop: 0.01\n"
                               "    mels: 40\n"
                               "    low_hz: 20.0\n"
                               "    high_hz: 0.0\n"
                               "    normalize: utterance\n"
                               "    deltas: false\n"
                               "    max_seconds: 600.0\n"
                               "  features:\n"
                               "    normalize: none\n"
                               "    deltas: false\n"
                               "  spec_augment:\n"
                               "    time_warp: 0\n"
                               "    frequency_masks: 0\n"
                               "    frequency_width: 27\n"
                               "    time_masks: 0\n"
                               "    time_width: 100\n"
                               "    time_part: 1.0\n"
                               "  feature_cache: \"\"\n"
                               "  max_source_length: 0\n"
                               "  max_length: 100\n"
                               "  factor_separator: \"|\"\n"
                               "  right_to_left: false\n"
                               "  text_cache: \"\"\n"
                               "  text_cache_megabytes: 20000\n"
                               "  tempdir: \"\"\n"
                               "\n"
                               "vocabulary:\n"
                               "  type: sentencepiece\n"));
  EXPECT_THAT(yaml, HasSubstr("\nmodel:\n"
                              "  embedding:\n"
                              "    source: 256\n"
                              "    target: 256\n"
                              "    tying: target\n"
                              "    source_vectors: \"\"\n"
                              "    target_vectors: \"\"\n"
                              "    frozen_source: false\n"
                              "    frozen_target: false\n"
                              "    factors: []\n"
                              "    factor_combine: concat\n"
                              "  input:\n"
                              "    width: []\n"
                              "    map: linear\n"));
}

TEST(DumpConfig, ReadsBackToTheSameConfig) {
  Config config;
  config.data.train_source = {"a.de",
                              "with space.de",
                              "c: #d.de",
                              "\u00fc\u4e2d\U0001f600.de",
                              "true",
                              "'q' \"r\" \\s",
                              "\x01\t\n\x7f",
                              "[x, y]",
                              "-",
                              "~"};
  config.data.train_target = config.data.train_source;
  config.vocabulary.source_file = " leading and trailing ";
  config.vocabulary.target_file = "1e3";
  config.training.optimizer.learning_rate = 1.0 / 3.0;
  config.training.optimizer.epsilon = 5e-324;
  config.training.time_limit_seconds = 1e-300;
  config.training.checkpoint_every = {0, Period::Unit::kEpochs};
  config.training.seed = 9007199254740991;
  for (const DumpStyle style : {DumpStyle::kValues, DumpStyle::kWithHelp}) {
    const Config read = parse_config(dump_config(config, style), "dump.yaml");
    EXPECT_THAT(differing_keys(read, config), IsEmpty());
    EXPECT_EQ(read.data.train_source, config.data.train_source);
    EXPECT_EQ(read.vocabulary.source_file, config.vocabulary.source_file);
    EXPECT_EQ(read.training.optimizer.epsilon, 5e-324);
    EXPECT_EQ(read.training.optimizer.learning_rate, 1.0 / 3.0);
    EXPECT_EQ(read.training.checkpoint_every.unit, Period::Unit::kEpochs);
    EXPECT_EQ(read.training.seed, 9007199254740991);
  }
}

TEST(DumpConfig, ReadsBackWithoutValidationFiles) {
  Config config;
  config.training.validation.patience = 0;
  EXPECT_THAT(differing_keys(parse_config(dump_config(config), "dump.yaml"), config), IsEmpty());
}

TEST(DumpConfig, PutsHelpAboveEachKeyOnRequest) {
  EXPECT_THAT(
      dump_config(Config{}, DumpStyle::kWithHelp),
      HasSubstr("    # units of each direction (an integer in [1, 65536])\n    hidden: 512\n"));
  EXPECT_THAT(dump_config(Config{}), Not(HasSubstr("#")));
}

}  // namespace
}  // namespace weft

#include "init/fitted_config.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "config/config_reader.h"
#include "config/dump.h"
#include "init/config_text.h"

namespace weft {
namespace {

const Machine kSmall{.cores = 2, .memory_bytes = int64_t{8} << 30, .processor = "small"};
const Machine kLarge{.cores = 32, .memory_bytes = int64_t{128} << 30, .processor = "large"};

/// A side of `pairs` sentences of `length` words of Latin letters.
SideStatistics latin_side(int64_t pairs, int64_t length) {
  SideStatistics side;
  side.words = side.spaced_words = pairs * length;
  side.bytes = 6 * side.words;
  side.types = std::max<int64_t>(50, side.words / 20);
  side.repeated_types = side.types / 2;
  for (char32_t letter = 'a'; letter <= 'z'; ++letter) side.characters[letter] = side.words / 5 + 1;
  return side;
}

/// Likewise of Chinese without spaces, with 3,000 characters.
SideStatistics chinese_side(int64_t pairs, int64_t length) {
  SideStatistics side = latin_side(pairs, length);
  side.spaced_words = pairs;
  side.characters.clear();
  for (char32_t i = 0; i < 3000; ++i) side.characters[0x4E00 + i] = side.words / 2000 + 1;
  side.characters[0x3002] = pairs;  // 。
  return side;
}

CorpusStatistics corpus_of(const SideStatistics& source, const SideStatistics& target,
                           int64_t pairs, int64_t length) {
  CorpusStatistics corpus;
  corpus.source = source;
  corpus.target = target;
  corpus.pairs = pairs;
  corpus.lengths.resize(CorpusStatistics::kLongestCounted + 1);
  corpus.lengths[static_cast<std::size_t>(length)] = pairs;
  return corpus;
}

CorpusStatistics latin_corpus(int64_t pairs, int64_t length = 12) {
  return corpus_of(latin_side(pairs, length), latin_side(pairs, length), pairs, length);
}

Config fitted(const CorpusStatistics& corpus, const Machine& machine = kSmall) {
  return fit_config(corpus, machine, true).config;
}

TEST(FitConfig, GrowsWithTheText) {
  const auto tiny = fitted(latin_corpus(1000)), small = fitted(latin_corpus(30'000)),
             middle = fitted(latin_corpus(160'000, 8)), large = fitted(latin_corpus(1'000'000, 25));
  EXPECT_EQ(tiny.model.encoder.hidden, 128);
  EXPECT_EQ(small.model.encoder.hidden, 512) << "as in the recipe for Multi30k";
  EXPECT_EQ(middle.model.encoder.hidden, 512);
  EXPECT_EQ(large.model.embedding.source, 512);
  EXPECT_EQ(small.vocabulary.source_size[0], 8500) << "8,000 in the recipe for Multi30k";
  EXPECT_EQ(large.vocabulary.source_size[0], 32'000);
  for (const auto& [less, more] : {std::pair{tiny, small}, {small, middle}, {middle, large}}) {
    EXPECT_LT(less.vocabulary.source_size[0], more.vocabulary.source_size[0]);
    EXPECT_LE(less.training.batch_tokens, more.training.batch_tokens);
    EXPECT_GE(less.training.stop_after.count, more.training.stop_after.count);
    EXPECT_GT(less.model.dropout.hidden, more.model.dropout.hidden);
    EXPECT_GE(less.model.dropout.source_word, more.model.dropout.source_word);
  }
}

TEST(FitConfig, SharesOneVocabularyAndMatrixBetweenTheSameLetters) {
  const auto config = fitted(latin_corpus(30'000));
  EXPECT_TRUE(config.vocabulary.shared);
  EXPECT_EQ(config.vocabulary.source_size[0], config.vocabulary.target_size);
  EXPECT_EQ(config.model.embedding.tying, EmbeddingTying::kAll);
  EXPECT_EQ(config.training.validation.tokenizer, "13a");
  EXPECT_EQ(config.vocabulary.normalization, Normalization::kNmtNfkc);
}

TEST(FitConfig, FitsChinese) {
  const auto config = fitted(corpus_of(latin_side(26'000, 7), chinese_side(26'000, 7), 26'000, 7));
  EXPECT_FALSE(config.vocabulary.shared);
  EXPECT_EQ(config.model.embedding.tying, EmbeddingTying::kTarget);
  EXPECT_EQ(config.vocabulary.normalization, Normalization::kIdentity);
  EXPECT_EQ(config.vocabulary.character_coverage, 0.9995);
  EXPECT_GT(config.vocabulary.target_size, 3000 + 260) << "room for every character";
  EXPECT_EQ(config.training.validation.metric, ValidationMetric::kBleu);
  EXPECT_EQ(config.training.validation.tokenizer, "zh");
  EXPECT_EQ(config.model.encoder.hidden, 256) << "as in the recipe for Tatoeba";
}

TEST(FitConfig, CountsCharactersOfJapanese) {
  auto target = chinese_side(26'000, 7);
  for (char32_t i = 0; i < 80; ++i) target.characters[0x3042 + i] = 4000;  // Hiragana
  const auto config = fitted(corpus_of(latin_side(26'000, 7), target, 26'000, 7));
  EXPECT_EQ(config.training.validation.metric, ValidationMetric::kChrf);
}

TEST(FitConfig, TakesSegmentedTextAsItIs) {
  auto target = chinese_side(26'000, 7);
  target.spaced_words = target.words;
  const auto config = fitted(corpus_of(latin_side(26'000, 7), target, 26'000, 7));
  EXPECT_EQ(config.training.validation.tokenizer, "none");
}

TEST(FitConfig, FitsTheMachine) {
  const auto corpus = latin_corpus(1'000'000, 25);
  EXPECT_EQ(fitted(corpus, kSmall).training.threads, 0);
  EXPECT_EQ(fitted(corpus, kLarge).training.threads, 16);
  EXPECT_EQ(fitted(corpus, kSmall).model.encoder.hidden, 512);
  EXPECT_EQ(fitted(corpus, kLarge).model.encoder.hidden, 1024);
  const auto cramped = fitted(corpus, {2, int64_t{1} << 30, "cramped"});
  EXPECT_LE(cramped.training.batch_tokens, 1000);
  EXPECT_LT(cramped.vocabulary.sample_lines, 100'000);
  EXPECT_EQ(fitted(corpus, kLarge).vocabulary.sample_lines, VocabularyOptions{}.sample_lines);
}

TEST(FitConfig, LeavesThePrecisionToTheProcessor) {
  EXPECT_EQ(fitted(latin_corpus(1000)).training.precision, Precision::kAuto);
}

TEST(FitConfig, AsksForNoMorePiecesThanThereAreWordsAndCharacters) {
  auto side = latin_side(14'000, 8);
  side.types = side.repeated_types = 600;
  const auto config = fitted(corpus_of(side, side, 14'000, 8));
  EXPECT_LE(config.vocabulary.source_size[0], 600 + 26 + 260 + 50);
}

TEST(FitConfig, TrainsOnAFewPairs) {
  const auto config = fitted(latin_corpus(3, 4));
  EXPECT_GE(config.training.batch_tokens, 100);
  EXPECT_GE(config.data.max_length, 50);
  EXPECT_GT(config.vocabulary.source_size[0], 26 + 260) << "less would not hold the alphabet";
}

/// What is written reads back as what was meant: no key without a choice differs from its default.
TEST(FitConfig, WritesEveryKeyItSets) {
  const auto chinese = corpus_of(latin_side(26'000, 7), chinese_side(26'000, 7), 26'000, 7);
  for (const auto& corpus : {latin_corpus(3, 4), latin_corpus(1000), latin_corpus(160'000, 8),
                             latin_corpus(1'000'000, 25), chinese}) {
    for (const auto& machine : {kSmall, kLarge}) {
      for (const bool has_validation : {true, false}) {
        auto fit = fit_config(corpus, machine, has_validation);
        fit.config.data.train_source = fit.config.data.train_target = {"text"};
        if (has_validation) fit.config.data.valid_source = fit.config.data.valid_target = {"v"};
        EXPECT_EQ(dump_config(parse_config(config_text(fit, ""), "test")), dump_config(fit.config));
      }
    }
  }
}

TEST(ValidationPairs, AreAFewHundredToTwoThousand) {
  EXPECT_EQ(validation_pairs(5), 0);
  EXPECT_EQ(validation_pairs(20), 2);
  EXPECT_EQ(validation_pairs(1000), 100);
  EXPECT_EQ(validation_pairs(29'000), 1450);
  EXPECT_EQ(validation_pairs(160'000), 2000);
  EXPECT_EQ(validation_pairs(10'000'000), 2000);
}

TEST(WithCommas, GroupsByThousands) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(12345678), "12,345,678");
}

}  // namespace
}  // namespace weft

#include "aligner/spelling.h"

#include <gmock/gmock.h>

#include "aligner/bitext_of.h"

namespace weft {
namespace {

float likeness(const std::string& source, const std::string& target) {
  static Speller speller;
  return spelling_likeness(speller(source, true), speller(target, true));
}

TEST(SpellingLikeness, IsOneOfEqualWordsAndEqualDigits) {
  EXPECT_EQ(likeness("ok", "ok"), 1.0f);
  EXPECT_EQ(likeness("，", "，"), 1.0f);
  EXPECT_EQ(likeness("1,000", "1000"), 1.0f);
  EXPECT_EQ(likeness("1998年", "1998"), 1.0f);
  EXPECT_EQ(likeness("1998", "1989"), 0.0f);
}

TEST(SpellingLikeness, ReadsNamesInLatinLetters) {
  EXPECT_EQ(likeness("新华", "xinhua"), 1.0f);
  EXPECT_EQ(likeness("москва", "moskva"), 1.0f);
  EXPECT_EQ(likeness("citroën", "citroen"), 1.0f);
  EXPECT_EQ(likeness("新华", "agency"), 0.0f);
}

// Dice's coefficient d counts as (d - 0.45) / 0.55.
TEST(SpellingLikeness, CountsLetterPairs) {
  // pe et te er, pe et tr ra: 2 * 2 / 8.
  EXPECT_NEAR(likeness("peter", "petra"), (0.5 - 0.45) / 0.55, 1e-6);
  // an na, ba an na (each pair once): 2 * 2 / 5.
  EXPECT_NEAR(likeness("anana", "banana"), (0.8 - 0.45) / 0.55, 1e-6);
  // co ol, co oo ol: 2 * 2 / 5; of "cat" and "car" only one pair is the same.
  EXPECT_NEAR(likeness("col", "cool"), (0.8 - 0.45) / 0.55, 1e-6);
  EXPECT_EQ(likeness("cat", "car"), 0.0f);
  EXPECT_EQ(likeness("to", "top"), 0.0f) << "two letters are too few";
  EXPECT_EQ(likeness("dog", "hund"), 0.0f);
}

/// What a text says of one of its pairs.
float likeness_in(const Bitext& bitext, const char* source, const char* target, bool romanize) {
  WorkerPool pool(2);
  const PairIndex pairs(bitext, pool);
  return spelling_likeness(bitext, pairs, romanize, pool)[find_pair(bitext, pairs, source, target)];
}

TEST(SpellingLikeness, IsOfAllPairsOfAText) {
  const auto bitext = bitext_of({{"新华 peter 5", "xinhua petra 5"}});
  EXPECT_EQ(likeness_in(bitext, "新华", "xinhua", true), 1.0f);
  EXPECT_NEAR(likeness_in(bitext, "peter", "petra", true), 0.05 / 0.55, 1e-6);
  EXPECT_EQ(likeness_in(bitext, "5", "5", true), 1.0f);
  EXPECT_EQ(likeness_in(bitext, "peter", "xinhua", true), 0.0f);
  EXPECT_EQ(likeness_in(bitext, "新华", "xinhua", false), 0.0f);
  EXPECT_EQ(likeness_in(bitext, "5", "5", false), 1.0f);
}

TEST(SpellingLikeness, ComparesNamesOnlyIfTheyAreRare) {
  std::string often;
  for (int n = 0; n < 30; ++n) often += "peter ";
  EXPECT_GT(likeness_in(bitext_of({{often, "petra"}}), "peter", "petra", true), 0.0f);
  EXPECT_EQ(likeness_in(bitext_of({{often + "peter", "petra"}}), "peter", "petra", true), 0.0f);
  EXPECT_EQ(likeness_in(bitext_of({{often + "peter", "peter"}}), "peter", "peter", true), 1.0f);
}

}  // namespace
}  // namespace weft

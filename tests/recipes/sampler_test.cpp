#include "quickstart/sampler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/error.h"
#include "recipes/grammar_text.h"

namespace weft::quickstart {
namespace {

using testing::ElementsAre;
using Words = std::vector<std::string>;

// A relative clause follows its noun in English and precedes it in Chinese; the measure word goes
// with the noun that chooses it, 的 with the relative pronoun, 了 with the verb.
TEST(Sampler, ReordersARelativeClauseAndLinksIt) {
  const Grammar grammar = grammar_of(
      "spelling a an aeiou\n"
      "phrase Sentence: en | zh\n"
      "  1: en = a[1] {noun} who[2] {verb.past}[3] {name} slept[4] .[5]\n"
      "     zh = 一[1] {noun.m}[1?] {verb} 了[3] {name} 的[2] {noun} 睡觉[4] 。[5]\n"
      "words noun: en | zh m\n  actor | 演员, 名\n"
      "words verb: base past | v\n  look at[0?], looked at[0?] | 看\n"
      "words name: en | zh\n  Tom | 汤姆\n");
  const SentencePair pair = Sampler(grammar, 1).draw();
  EXPECT_EQ(pair.source, (Words{"An", "actor", "who", "looked", "at", "Tom", "slept", "."}));
  EXPECT_EQ(pair.target, (Words{"一", "名", "看", "了", "汤姆", "的", "演员", "睡觉", "。"}));
  EXPECT_THAT(pair.links,
              ElementsAre(Link{0, 0, true}, Link{0, 1, false}, Link{1, 1, true}, Link{1, 6, true},
                          Link{2, 5, true}, Link{3, 2, true}, Link{3, 3, true}, Link{4, 2, false},
                          Link{4, 3, true}, Link{5, 4, true}, Link{6, 7, true}, Link{7, 8, true}));
}

TEST(Sampler, TellsTwoChildrenOfOneCategoryApart) {
  const Grammar grammar = grammar_of(
      "phrase Sentence: en | zh\n"
      "  1: en = {name} than {name:2} ; zh = {name:2} {name}\n"
      "words name: en | zh\n  A | 甲 ; B | 乙\n");
  const SentencePair pair = Sampler(grammar, 1).draw();
  EXPECT_NE(pair.source[0], pair.source[2]);
  EXPECT_THAT(pair.links, ElementsAre(Link{0, 1, true}, Link{2, 0, true}));
  EXPECT_EQ(pair.target[1], pair.source[0] == "A" ? "甲" : "乙");
}

TEST(Sampler, DealsEveryEntryEquallyOften) {
  const Grammar grammar = grammar_of(
      "phrase Sentence: en | zh\n  1: ..n\n"
      "words n: en | zh\n  A | 一 ; B | 二 ; C | 三 ; D | 四 ; E | 五\n");
  Sampler sampler(grammar, 7);
  std::map<std::string, int> counts;
  for (int i = 0; i < 100; ++i) ++counts[sampler.draw().source[0]];
  EXPECT_EQ(counts.size(), 5);
  for (const auto& [word, count] : counts) EXPECT_EQ(count, 20) << word;
}

TEST(Sampler, FollowsTheWeights) {
  const Grammar grammar =
      grammar_of("phrase Sentence: en | zh\n  3: en = A ; zh = 一\n  1: en = B ; zh = 二\n");
  Sampler sampler(grammar, 7);
  int first = 0;
  for (int i = 0; i < 4000; ++i) first += sampler.draw().source[0] == "A" ? 1 : 0;
  EXPECT_NEAR(first, 3000, 5 * 27.4);  // five standard deviations, sqrt(4000 * 0.75 * 0.25) each
}

// The C++ standard, [rand.predef]: the 10000th draw of a default mt19937_64, which has seed 5489.
TEST(Sampler, DrawsTheSameNumbersOnEveryMachine) {
  const Grammar grammar = grammar_of("phrase Sentence: en | zh\n  1: en = A ; zh = 一\n");
  Sampler sampler(grammar, 5489);
  for (int i = 1; i < 10000; ++i) sampler.below(10);
  EXPECT_EQ(sampler.below(1000000007), 9981545732273789042ULL % 1000000007);
}

TEST(Sampler, RefusesAGrammarWithoutAnEnd) {
  const Grammar grammar =
      grammar_of("phrase Sentence: en | zh\n  1: en = so {Sentence} ; zh = 很 {Sentence}\n");
  EXPECT_THROW(Sampler(grammar, 1).draw(), UserError);
}

TEST(Sampler, RefusesAListTooShortForItsSentence) {
  const Grammar grammar = grammar_of(
      "phrase Sentence: en | zh\n  1: en = {n} {n:2} ; zh = {n} {n:2}\nwords n: en | zh\n  A | "
      "甲\n");
  EXPECT_THROW(Sampler(grammar, 1).draw(), UserError);
}

}  // namespace
}  // namespace weft::quickstart

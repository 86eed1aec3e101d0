#include "quickstart/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "base/line_reader.h"
#include "recipes/grammar_text.h"

namespace weft::quickstart {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Corpus quickstart_corpus(std::uint64_t seed) {
  const Grammar grammar = read_grammar(WEFT_QUICKSTART_GRAMMAR);
  Sampler sampler(grammar, seed);
  return draw_corpus(sampler, {2000, 200, 200, 20});
}

TEST(Corpus, SharesNoSentenceBetweenItsParts) {
  const Corpus corpus = quickstart_corpus(1);
  std::set<std::vector<std::string>> sources;
  std::set<std::vector<std::string>> targets;
  for (const auto* part : {&corpus.train, &corpus.valid, &corpus.test}) {
    for (const SentencePair& pair : *part) {
      EXPECT_TRUE(sources.insert(pair.source).second) << testing::PrintToString(pair.source);
      EXPECT_TRUE(targets.insert(pair.target).second) << testing::PrintToString(pair.target);
    }
  }
  EXPECT_EQ(corpus.train.size(), 2000);
  EXPECT_EQ(corpus.valid.size(), 200);
  EXPECT_EQ(corpus.test.size(), 200);
}

TEST(Corpus, LinksEveryTargetWordSurelyAndWithinTheSentence) {
  for (const SentencePair& pair : quickstart_corpus(2).train) {
    std::vector<bool> linked(pair.target.size());
    for (const Link& link : pair.links) {
      ASSERT_LT(link.source, static_cast<int>(pair.source.size()));
      ASSERT_LT(link.target, static_cast<int>(pair.target.size()));
      if (link.sure) linked[static_cast<std::size_t>(link.target)] = true;
    }
    EXPECT_TRUE(std::all_of(linked.begin(), linked.end(), [](bool is) { return is; }))
        << testing::PrintToString(pair.source) << testing::PrintToString(pair.target);
    EXPECT_LE(pair.source.size(), 20);
    EXPECT_LE(pair.target.size(), 20);
  }
}

// A link for each target word that is in the gold makes the error rate nearly zero.
// Och, Ney 2003 (J03-1002): AER = 1 - (|A & S| + |A & P|) / (|A| + |S|).
TEST(Corpus, LetsOneLinkForEachTargetWordBeRight) {
  double links = 0;
  double sure = 0;
  for (const SentencePair& pair : quickstart_corpus(3).train) {
    links += static_cast<double>(pair.target.size());
    sure += static_cast<double>(std::count_if(pair.links.begin(), pair.links.end(),
                                              [](const Link& link) { return link.sure; }));
  }
  EXPECT_LT(1 - 2 * links / (links + sure), 0.02);
}

TEST(Corpus, DependsOnTheSeedAlone) {
  const Corpus first = quickstart_corpus(4);
  const Corpus again = quickstart_corpus(4);
  const Corpus other = quickstart_corpus(5);
  for (std::size_t i = 0; i < first.train.size(); ++i) {
    ASSERT_EQ(first.train[i].source, again.train[i].source);
    ASSERT_EQ(first.train[i].target, again.train[i].target);
    ASSERT_EQ(first.train[i].links, again.train[i].links);
  }
  EXPECT_NE(first.train[0].source, other.train[0].source);
}

TEST(Corpus, ReordersMostSentences) {
  std::size_t reordered = 0;
  const Corpus corpus = quickstart_corpus(6);
  for (const SentencePair& pair : corpus.train) {
    const auto crosses = [](const Link& a, const Link& b) {
      return a.sure && b.sure && a.source < b.source && a.target > b.target;
    };
    bool any = false;
    for (const Link& a : pair.links) {
      for (const Link& b : pair.links) any = any || crosses(a, b);
    }
    reordered += any ? 1 : 0;
  }
  EXPECT_GT(reordered, corpus.train.size() / 2);
}

TEST(Corpus, RefusesAnAmbiguousGrammar) {
  const Grammar grammar =
      grammar_of("phrase Sentence: en | zh\n  1: en = cut ; zh = 切\n  1: en = cut ; zh = 切 了\n");
  Sampler sampler(grammar, 1);
  try {
    draw_corpus(sampler, {5, 1, 1, 20});
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the grammar is ambiguous: 'Cut' is both '切"));
  }
}

TEST(Corpus, RefusesMoreSentencesThanThereAre) {
  const Grammar grammar = grammar_of("phrase Sentence: en | zh\n  1: en = A ; zh = 一\n");
  Sampler sampler(grammar, 1);
  try {
    draw_corpus(sampler, {5, 1, 1, 20});
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "the grammar gave only 1 different sentence pairs; 7 are wanted");
  }
}

TEST(Corpus, WritesTextLinksAndUnspacedText) {
  const std::string directory = testing::TempDir() + "/weft_quickstart_corpus/data";
  const SentencePair pair{{"The", "cat", "slept"},
                          {"猫", "睡觉", "了"},
                          {{0, 0, false}, {1, 0, true}, {2, 1, true}, {2, 2, true}}};
  write_corpus({{pair, pair}, {pair}, {pair}}, directory);
  EXPECT_THAT(read_lines(directory + "/train.en"), ElementsAre("The cat slept", "The cat slept"));
  EXPECT_THAT(read_lines(directory + "/valid.zh"), ElementsAre("猫 睡觉 了"));
  EXPECT_THAT(read_lines(directory + "/test.raw.zh"), ElementsAre("猫睡觉了"));
  EXPECT_THAT(read_lines(directory + "/test.align"), ElementsAre("0p0 1-0 2-1 2-2"));
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace weft::quickstart

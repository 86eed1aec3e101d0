#include "search/word_matcher.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "search/find_word.h"

namespace weft {
namespace {

/// Whether one of the words stands in the text, which is read `step` bytes at a time.
bool finds(const WordMatcher& matcher, const std::string& text, std::size_t step = 1000) {
  WordMatcher::State state;
  bool found = false;
  for (std::size_t at = 0; at < text.size(); at += step)
    found |= matcher.read(text.substr(at, step), state);
  return found || matcher.completes_at_end(state);
}

TEST(WordMatcher, FindsWordsWhereTheyStandAlone) {
  const WordMatcher matcher({"cat", "New York", "don't", "été"});
  for (const char* text : {"cat", "the cat.", "«cat»", "a cat-flap", "in New York, now", "he don't",
                           "un été", "cat 3"})
    EXPECT_TRUE(finds(matcher, text)) << text;
  for (const char* text : {"", "category", "concat", "cat3", "Cat", "New Yorkers", "New  York",
                           "dont", "étés", "cat\xCC\x81"})
    EXPECT_FALSE(finds(matcher, text)) << text;
}

TEST(WordMatcher, FindsWordsOfScriptsWithoutSpacesAnywhere) {
  const WordMatcher matcher({"猫", "แมว"});
  for (const char* text : {"黑猫在", "猫", "a猫b", "มีแมวตัว"})
    EXPECT_TRUE(finds(matcher, text)) << text;
  EXPECT_FALSE(finds(matcher, "黑狗"));
}

TEST(WordMatcher, TellsWhenAWordIsComplete) {
  const WordMatcher matcher({"cat"});
  WordMatcher::State state;
  EXPECT_FALSE(matcher.read(" the cat", state));
  EXPECT_TRUE(matcher.completes_at_end(state));
  auto other = state;
  EXPECT_FALSE(matcher.read("s", other));
  EXPECT_FALSE(matcher.completes_at_end(other));
  other = state;
  EXPECT_FALSE(matcher.read("\xC3", other)) << "may become a letter";
  EXPECT_TRUE(matcher.completes_at_end(other)) << "but did not";
  auto letter = other;
  EXPECT_FALSE(matcher.read("\xA9", letter)) << "é";
  EXPECT_TRUE(matcher.read(" ", other)) << "a broken character ends the word";
  EXPECT_TRUE(matcher.read(" ", state));
}

// Against a look at every place, for random words and texts cut at random.
TEST(WordMatcher, AgreesWithALookAtEveryPlace) {
  const std::vector<std::string> characters{"a",        "a", "b", "b",  "é",
                                            "\xCC\x81", " ", ".", "猫", "1"};
  std::mt19937 random(5);
  const auto draw = [&](std::size_t most) {
    std::string text;
    for (std::size_t i = 1 + random() % most; i > 0; --i) text += characters[random() % 10];
    return text;
  };
  int found = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> words;
    for (std::size_t i = 1 + random() % 4; i > 0; --i) words.push_back(draw(3));
    const WordMatcher matcher(words);
    const auto text = draw(14);
    bool expected = false;
    for (const auto& word : words) expected |= stands_in(text, word);
    EXPECT_EQ(finds(matcher, text), expected) << text;
    EXPECT_EQ(finds(matcher, text, 1 + random() % 3), expected) << text << ", cut";
    found += expected ? 1 : 0;
  }
  EXPECT_GT(found, 300);
  EXPECT_LT(found, 2700);
}

}  // namespace
}  // namespace weft

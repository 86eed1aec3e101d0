#include "base/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> texts(std::string_view line, const std::vector<Span>& spans) {
  std::vector<std::string> words;
  for (const Span& span : spans) words.emplace_back(line.substr(span.begin, span.end - span.begin));
  return words;
}

std::vector<std::string> words(std::string_view line,
                               WordSplitting splitting = WordSplitting::kAuto) {
  return texts(line, split_words(line, splitting));
}

TEST(SplitWhitespace, TakesEveryUnicodeSpace) {
  const std::string line = " a\tb\u00A0c\u3000d\u2003e  ";
  EXPECT_THAT(texts(line, split_whitespace(line)), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(split_whitespace(""), IsEmpty());
  EXPECT_THAT(split_whitespace(" \t\u3000"), IsEmpty());
  // No space: zero width characters stay in their token.
  EXPECT_THAT(split_whitespace("a\u200Bb"), ElementsAre(Span{0, 5}));
}

TEST(SplitWords, KeepsThePunctuationOfLatinWords) {
  EXPECT_THAT(words("A dog, it's \"big\" – 3.5 m."),
              ElementsAre("A", "dog,", "it's", "\"big\"", "–", "3.5", "m."));
}

TEST(SplitWords, GivesBytesOfTheLine) {
  EXPECT_THAT(split_words("Käse ja"), ElementsAre(Span{0, 5}, Span{6, 8}));
}

TEST(SplitWords, CutsChineseByDictionary) {
  EXPECT_THAT(words("我喜欢Python，你呢？"),
              ElementsAre("我", "喜欢", "Python", "，", "你", "呢", "？"));
  EXPECT_THAT(words("他说：“你好……”"), ElementsAre("他", "说", "：", "“", "你好", "……", "”"));
  EXPECT_THAT(words("我有3.5米C++"), ElementsAre("我有", "3.5", "米", "C++"));
}

TEST(SplitWords, CutsJapaneseAndThai) {
  EXPECT_THAT(words("東京と大阪"), ElementsAre("東京", "と", "大阪"));
  EXPECT_THAT(words("ฉันรักแมว"), ElementsAre("ฉัน", "รัก", "แมว"));
}

TEST(SplitWords, CutsAsciiPunctuationAfterHan) {
  EXPECT_THAT(words("你好,world!"), ElementsAre("你好", ",", "world!"));
  EXPECT_THAT(words("你好!!"), ElementsAre("你好", "!!"));
}

TEST(SplitWords, CutsARawLineWithSpacesAroundLatin) {
  EXPECT_THAT(words("我喜欢 Python 世界"), ElementsAre("我", "喜欢", "Python", "世界"));
  EXPECT_THAT(words("他们喜欢猫。 我们喜欢狗。"),
              ElementsAre("他们", "喜欢", "猫", "。", "我们", "喜欢", "狗", "。"));
  EXPECT_THAT(words("你好。 谢谢。"), ElementsAre("你好", "。", "谢谢", "。"));
  EXPECT_THAT(words("你好, 谢谢!"), ElementsAre("你好", ",", "谢谢", "!"));
}

TEST(SplitWords, LeavesASegmentedLineToItsSpaces) {
  EXPECT_THAT(words("我 不 喜欢你 。"), ElementsAre("我", "不", "喜欢你", "。"));
  // A long name is one word where the words around it are short.
  EXPECT_THAT(words("阿诺德施瓦辛格 是 一个 演员 。"),
              ElementsAre("阿诺德施瓦辛格", "是", "一个", "演员", "。"));
  // A full stop that stands alone is a segmenter's work.
  EXPECT_THAT(words("喜欢你 。"), ElementsAre("喜欢你", "。"));
}

TEST(SplitWords, JoinsCombiningMarksToTheirLetter) {
  EXPECT_THAT(words("か\u3099"), ElementsAre("か\u3099"));
  EXPECT_THAT(words("\u0301a"), ElementsAre("\u0301a"));
}

TEST(SplitWords, ObeysWhitespaceSplitting) {
  EXPECT_THAT(words("我喜欢Python，你呢？ 是。", WordSplitting::kWhitespace),
              ElementsAre("我喜欢Python，你呢？", "是。"));
  // As fast_align and Moses count: no-break and ideographic spaces are part of a word.
  EXPECT_THAT(words("10\u00A0000\tin 5\u202F€ a\u3000b", WordSplitting::kWhitespace),
              ElementsAre("10\u00A0000", "in", "5\u202F€", "a\u3000b"));
}

TEST(SplitWords, CoversEveryCharacterOnce) {
  const std::string line = "《三体》（2008年）— very good! 好看吗？";
  std::string joined;
  std::size_t end = 0;
  for (const Span& word : split_words(line)) {
    EXPECT_GE(word.begin, end);
    EXPECT_LT(word.begin, word.end);
    joined += line.substr(word.begin, word.end - word.begin);
    end = word.end;
  }
  EXPECT_EQ(joined, "《三体》（2008年）—verygood!好看吗？");
}

TEST(SplitWords, HasNoWordsInAnEmptyLine) {
  EXPECT_THAT(split_words(""), IsEmpty());
  EXPECT_THAT(split_words("  "), IsEmpty());
}

}  // namespace
}  // namespace weft

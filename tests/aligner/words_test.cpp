// What the aligner takes for a word: keys, tokens and units.

#include "base/words.h"

#include <gmock/gmock.h>

#include <random>
#include <string>

#include "aligner/tokens.h"
#include "aligner/word_types.h"
#include "aligner/word_units.h"

namespace weft {
namespace {

using testing::ElementsAre;

TEST(WordKey, FoldsCaseWidthAndMarks) {
  EXPECT_EQ(word_key("Hello"), "hello");
  EXPECT_EQ(word_key("ÉTÉ"), "été");
  EXPECT_EQ(word_key("STRASSE"), word_key("Straße"));
  EXPECT_EQ(word_key("e\u0301"), "é") << "a letter and an accent are one letter";
  EXPECT_EQ(word_key("ＡＢＣ１２"), "abc12");
  EXPECT_EQ(word_key("，"), ",");
  EXPECT_EQ(word_key("。"), ".");
  EXPECT_EQ(word_key("、"), ",");
  for (const char* mark : {"“", "”", "„", "«", "»", "《", "》", "「", "」", "『", "』"})
    EXPECT_EQ(word_key(mark), "\"") << mark;
  EXPECT_EQ(word_key("l’"), "l'");
  EXPECT_EQ(word_key("新华"), "新华");
}

TEST(WordKey, IsEmptyOnlyOfAnEmptyWord) {
  EXPECT_EQ(word_key(""), "");
  EXPECT_EQ(word_key("\u00AD"), "\u00AD") << "a soft hyphen alone";
  EXPECT_EQ(word_key("a\u00ADb"), "ab");
}

TEST(WordTypes, NumberWordsInTheOrderTheyCome) {
  WordTypes types;
  EXPECT_EQ(types.add("Dog"), 0u);
  EXPECT_EQ(types.add("，"), 1u);
  EXPECT_EQ(types.add("dog"), 0u);
  EXPECT_EQ(types.add(","), 1u);
  EXPECT_EQ(types.add_key("cat"), 2u);
  EXPECT_EQ(types.find("CAT"), 2u);
  EXPECT_EQ(types.find_key("CAT"), WordTypes::kUnknown);
  EXPECT_EQ(types.find("cow"), WordTypes::kUnknown);
  EXPECT_EQ(types.size(), 3u);
  EXPECT_EQ(types.key(1), ",");
}

std::vector<std::string> tokens(const std::string& line) {
  std::vector<std::string> texts;
  for (const Span span : tokens_of(line, split_whitespace(line)))
    texts.push_back(line.substr(span.begin, span.end - span.begin));
  return texts;
}

TEST(TokensOf, CutMarksOff) {
  EXPECT_THAT(tokens("The dog."), ElementsAre("The", "dog", "."));
  EXPECT_THAT(tokens("(no..."), ElementsAre("(", "no", ".", ".", "."));
  EXPECT_THAT(tokens("3.5% e-mail"), ElementsAre("3", ".", "5", "%", "e", "-", "mail"));
  EXPECT_THAT(tokens("„Hund“ Python，"), ElementsAre("„", "Hund", "“", "Python", "，"));
  EXPECT_THAT(tokens("e\u0301te\u0301 हिन्दी"), ElementsAre("e\u0301te\u0301", "हिन्दी"));
  EXPECT_THAT(tokens(""), ElementsAre());
}

TEST(TokensOf, GiveApostrophesToTheShorterSide) {
  EXPECT_THAT(tokens("l'orateur qu’il"), ElementsAre("l'", "orateur", "qu’", "il"));
  EXPECT_THAT(tokens("don't she’s"), ElementsAre("don", "'t", "she", "’s"));
  EXPECT_THAT(tokens("'tis dogs' '"), ElementsAre("'", "tis", "dogs", "'", "'"));
  EXPECT_THAT(tokens("d'a''b"), ElementsAre("d'", "a", "'", "'", "b"));
}

TEST(TokensOf, CoverEveryCharacterOfAWordOnce) {
  const std::vector<std::string> letters{"a",       "b",  "7",  "'", "’", ".",     "é",
                                         "e\u0301", "新", "，", " ", " ", "\u0301"};
  std::mt19937 random(1);
  for (int n = 0; n < 5000; ++n) {
    std::string line;
    for (std::size_t size = random() % 12; size > 0; --size)
      line += letters[random() % letters.size()];
    const auto words = split_words(line);
    const auto parts = tokens_of(line, words);
    const auto numbers = containing(parts, words);
    std::vector<std::size_t> end;  // how far each word is covered
    for (const Span word : words) end.push_back(word.begin);
    for (std::size_t part = 0; part < parts.size(); ++part) {
      EXPECT_EQ(parts[part].begin, end[numbers[part]]) << line;
      EXPECT_LT(parts[part].begin, parts[part].end) << line;
      end[numbers[part]] = parts[part].end;
    }
    for (std::size_t word = 0; word < words.size(); ++word)
      EXPECT_EQ(end[word], words[word].end) << line;
  }
}

TEST(UnitsOf, AreCharactersOrABeginning) {
  EXPECT_THAT(units_of("新华"), ElementsAre("c新", "c华"));
  EXPECT_THAT(units_of("x光"), ElementsAre("cx", "c光"));
  EXPECT_THAT(units_of("サッカー"), ElementsAre("cサ", "cッ", "cカ", "cー"));
  EXPECT_THAT(units_of("walking"), ElementsAre("pwalk"));
  EXPECT_THAT(units_of("élève"), ElementsAre("pélèv"));
  EXPECT_THAT(units_of("to"), ElementsAre("pto"));
  EXPECT_THAT(units_of("1998"), ElementsAre("p1998"));
  EXPECT_THAT(units_of("a"), ElementsAre("wa"));
  EXPECT_THAT(units_of(","), ElementsAre("w,"));
  EXPECT_THAT(units_of("'s"), ElementsAre("w's"));
}

}  // namespace
}  // namespace weft

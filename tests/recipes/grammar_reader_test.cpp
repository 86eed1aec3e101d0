#include "quickstart/grammar_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "recipes/grammar_text.h"

namespace weft::quickstart {
namespace {

using testing::EndsWith;

struct BadGrammar {
  const char* name;
  const char* text;
  const char* message;  // after the path of the file
};

class GrammarErrors : public testing::TestWithParam<BadGrammar> {};

TEST_P(GrammarErrors, NameFileAndLine) {
  const std::string path = write_grammar(GetParam().text);
  try {
    read_grammar(path);
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_EQ(error.what(), path + GetParam().message);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Reader, GrammarErrors,
    testing::Values(
        BadGrammar{"UnknownStatement", "noun cat: sg | zh\n",
                   ":1: found 'noun'; expected 'words NAME: FIELDS', 'phrase NAME: FIELDS', "
                   "'include FILE' or 'spelling WORD REPLACEMENT LETTERS'"},
        BadGrammar{"NoColon", "words noun en | zh\n", ":1: expected 'NAME:' after 'words'"},
        BadGrammar{"OneLanguage", "words noun: sg pl\n",
                   ":1: expected 'source fields | target fields' after the name"},
        BadGrammar{"LineOutsideDeclaration", "\n  cat | 猫\n",
                   ":2: an indented line before any 'words' or 'phrase'"},
        BadGrammar{"UnknownName",
                   "phrase Sentence: en | zh\n  1: en = {noum}\n     zh = {noum}\n"
                   "words noun: en | zh\n  cat | 猫\n",
                   ":2: nothing is called 'noum'; did you mean 'noun'?"},
        BadGrammar{"UnknownField",
                   "phrase Sentence: en | zh\n  1: en = {noun.pl}\n     zh = {noun}\n"
                   "words noun: en | zh\n  cat | 猫\n",
                   ":2: 'noun' has no field 'pl'"},
        BadGrammar{"OtherLanguage",
                   "phrase Sentence: en | zh\n  1: en = {noun.zh} ; zh = {noun}\n"
                   "words noun: en | zh\n  cat | 猫\n",
                   ":2: '{noun.zh}' is of the other language"},
        BadGrammar{"MissingField",
                   "phrase Sentence: en | zh\n  1: en = cat[1]\n     zh = 猫[1]\n  2: en = dog\n",
                   ":4: this alternative of 'Sentence' gives no 'zh'"},
        BadGrammar{"FieldTwice", "phrase Sentence: en | zh\n  1: en = cat\n     en = dog\n",
                   ":3: the field 'en' is given twice"},
        BadGrammar{"Weight", "phrase Sentence: en | zh\n  0: en = cat ; zh = 猫\n",
                   ":2: found the weight '0:'; expected a number from 1 and ':'"},
        BadGrammar{"Labels", "phrase Sentence: en | zh\n  1: en = cat[x] ; zh = 猫\n",
                   ":2: found the labels '[x]'; expected numbers, as in [1] or [1,2?]"},
        BadGrammar{"MissingForm",
                   "phrase Sentence: en | zh\n  1: en = {noun} ; zh = {noun}\n"
                   "words noun: sg pl | zh\n  cat, cats | 猫 ; dog | 狗\n",
                   ":4: an entry of 'noun' needs 3 forms, with '|' between the two languages"},
        BadGrammar{"EntryTwice",
                   "phrase Sentence: en | zh\n  1: en = {noun} ; zh = {noun}\n"
                   "words noun: en | zh\n  cat | 猫\n  dog | 狗\n  cat | 猫咪\n",
                   ":6: 'cat' is in 'noun' twice"},
        BadGrammar{"Arguments",
                   "phrase Sentence: en | zh\n  1: ..One(noun,noun)\n"
                   "phrase One(Noun): en | zh\n  1: ..Noun\nwords noun: en | zh\n  cat | 猫\n",
                   ":2: 'One(noun,noun)' has 2 arguments; expected 1"},
        BadGrammar{"Unused",
                   "phrase Sentence: en | zh\n  1: en = cat ; zh = 猫\n"
                   "words noun: en | zh\n  cat | 猫\n",
                   ":3: 'noun' is never used"},
        BadGrammar{"Empty", "phrase Sentence: en | zh\n", ":1: 'Sentence' is empty"},
        BadGrammar{"NoSentence", "words noun: en | zh\n  cat | 猫\n",
                   ": nothing is called 'Sentence'"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(GrammarReader, DeclaredTwiceNamesBothPlaces) {
  const std::string path = write_grammar("words noun: en | zh\n  a | b\nwords noun: en | zh\n");
  try {
    read_grammar(path);
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_EQ(error.what(), path + ":3: 'noun' is declared twice, first at " + path + ":1");
  }
}

TEST(GrammarReader, FillsParametersAndCopiesFields) {
  const Grammar grammar = grammar_of(
      "phrase Sentence: en | zh\n"
      "  3: ..The(cat)\n"
      "  2: ..The(dog)\n"
      "phrase The(Noun): en | zh\n"
      "  1: ..Noun\n"
      "     en = the {Noun}\n"
      "words cat: en | zh\n  cat | 猫\n"
      "words dog: en | zh\n  dog | 狗\n");
  ASSERT_EQ(grammar.categories.size(), 5);
  EXPECT_EQ(grammar.categories[1].name, "The(cat)");
  EXPECT_EQ(grammar.categories[2].name, "The(dog)");
  const Category& root = grammar.categories[0];
  ASSERT_EQ(root.alternatives.size(), 2);
  EXPECT_EQ(root.alternatives[0].weight, 3);
  const Alternative& the_cat = grammar.categories[1].alternatives.at(0);
  EXPECT_EQ(the_cat.forms.at(0).size(), 2);  // the, {Noun}
  ASSERT_EQ(the_cat.forms.at(1).size(), 1);  // copied: {Noun.zh}
  EXPECT_EQ(the_cat.forms[1][0].field, 1);
}

}  // namespace
}  // namespace weft::quickstart

#include "text/word_vectors.h"

#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "text/user_error.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class WordVectorsTest : public ::testing::Test {
 protected:
  WordVectors read(const std::string& text) {
    directory_.write("v.txt", text);
    return read_word_vectors({directory_.path("v.txt"), 2, "model.embedding.source"}, vocabulary_);
  }
  std::string refusal(const std::string& text) {
    return user_error([&] { read(text); });
  }

  TemporaryDirectory directory_;
  WordVocabulary vocabulary_{"a\nb\n猫\n▁c\n", "x.words"};
};

TEST_F(WordVectorsTest, ReadsWhatWord2vecAndFastTextWrite) {
  const auto vectors = read("4 2\n猫 1 -2.5 \n</s> 0.5 1e-3\nelsewhere 7 8\nb 3 4\n");
  EXPECT_THAT(vectors.ids, ElementsAre(6, kEndId, 5));
  EXPECT_THAT(vectors.values, ElementsAre(1, -2.5F, 0.5F, 1e-3F, 3, 4));
  EXPECT_EQ(vectors.repeated.count, 0);
  EXPECT_EQ(vectors.unreadable.count, 0);
}

TEST_F(WordVectorsTest, ReadsWhatGloveWritesWithoutAFirstLine) {
  const auto vectors = read("a 1 2\nmail name@domain.com 5 6\n▁c 3 4\n");
  EXPECT_THAT(vectors.ids, ElementsAre(4, 7));
  EXPECT_THAT(vectors.values, ElementsAre(1, 2, 3, 4));
}

TEST_F(WordVectorsTest, KeepsTheFirstOfSeveralVectorsAndSaysWhereTheOthersAre) {
  const auto vectors = read("a 1 2\nb 3 4\na 5 6\na 7 8\n");
  EXPECT_THAT(vectors.values, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(vectors.repeated.count, 2);
  EXPECT_EQ(vectors.repeated.first.line, 3);
}

// As in glove.840B.300d.txt and in files that were cut, joined or written in another encoding.
TEST_F(WordVectorsTest, TakesWhatCanBeReadAndCountsTheRest) {
  const auto vectors = read(
      "7 2\n"  // one off
      "a 1 2\n"
      ". . . 5 6\n"    // words with blanks
      "caf\xE9 1 2\n"  // not UTF-8, and nobody's word
      "b 1\n"          // cut short
      "\n"
      "b 1 2 3\n"            // a number too many
      "\xE7\x8C\xAB 1 2x\n"  // wanted, and no number
      "\xE7\x8C\xAB nan 2\n"
      "z 1 2x\n"  // nobody's word
      "\xE7\x8C\xAB +1 1e-60\n"
      "b 3 4");
  EXPECT_THAT(vectors.ids, ElementsAre(4, 6, 5));
  EXPECT_THAT(vectors.values, ElementsAre(1, 2, 1, 0, 3, 4));
  EXPECT_EQ(vectors.unreadable.count, 5);
  EXPECT_EQ(vectors.unreadable.first.line, 5);
  EXPECT_EQ(vectors.unreadable.problem, "has 1 numbers");
  EXPECT_EQ(vectors.repeated.count, 0);
  EXPECT_EQ(vectors.announced, 7);
  EXPECT_EQ(vectors.lines, 11);
}

TEST_F(WordVectorsTest, SaysWhatIsWrongWithTheFirstLineItCouldNotRead) {
  EXPECT_EQ(read("a 1 2\nb 1 2x\n").unreadable.problem, "has '2x' as number 2 of 'b'");
  EXPECT_EQ(read("a 1 2\nb 1e39 2\n").unreadable.problem, "has '1e39' as number 1 of 'b'");
  EXPECT_EQ(read("\na 1 2\n").unreadable.problem, "is blank");
}

TEST_F(WordVectorsTest, RefusesWhatCannotBeMeant) {
  EXPECT_THAT(refusal("3 5\na 1 2\n"),
              HasSubstr("v.txt:1: vectors of 5 numbers; expected 2, which is "
                        "model.embedding.source"));
  EXPECT_THAT(refusal("a 1 2 3\nb 1 2 3\n"),
              HasSubstr("v.txt:1: vectors of 3 numbers; expected 2"));
  EXPECT_THAT(refusal("a 1\nb 1\n"), HasSubstr("v.txt:1: vectors of 1 numbers; expected 2"));
  EXPECT_THAT(refusal("y 1 2\nz 1 2\n"), HasSubstr("none of the vocabulary's 8 pieces"));
  EXPECT_THAT(refusal("a 1 2x\n"), HasSubstr("none of the vocabulary's 8 pieces"));
  EXPECT_THAT(refusal(""), HasSubstr("none of the vocabulary's 8 pieces"));
}

TEST_F(WordVectorsTest, ChecksTheFirstLinesAlone) {
  directory_.write("v.txt", "a 1 2 3\n");
  directory_.write("odd.txt", "a 1 2 3\nb 1 2\n");
  const auto check = [&](const std::string& name) {
    return user_error([&] { check_word_vectors({directory_.path(name), 2, "width"}); });
  };
  EXPECT_THAT(check("v.txt"), HasSubstr("v.txt:1: vectors of 3 numbers; expected 2"));
  EXPECT_NO_THROW(check_word_vectors({directory_.path("odd.txt"), 2, "width"}));
  EXPECT_THAT(check("absent.txt"), HasSubstr("absent.txt"));
}

}  // namespace
}  // namespace weft

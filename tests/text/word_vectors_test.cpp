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
  EXPECT_EQ(vectors.repeated, 0);
}

TEST_F(WordVectorsTest, ReadsWhatGloveWritesWithoutAFirstLine) {
  const auto vectors = read("a 1 2\nmail name@domain.com 5 6\n▁c 3 4\n");
  EXPECT_THAT(vectors.ids, ElementsAre(4, 7));
  EXPECT_THAT(vectors.values, ElementsAre(1, 2, 3, 4));
}

TEST_F(WordVectorsTest, KeepsTheFirstOfSeveralVectorsAndSaysWhereTheOthersAre) {
  const auto vectors = read("a 1 2\nb 3 4\na 5 6\na 7 8\n");
  EXPECT_THAT(vectors.values, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(vectors.repeated, 2);
  EXPECT_EQ(vectors.first_repeated.line, 3);
}

TEST_F(WordVectorsTest, NamesTheLineOfWhatIsWrong) {
  EXPECT_THAT(refusal("3 5\na 1 2\n"),
              HasSubstr("v.txt:1: vectors of 5 numbers; expected 2, which is "
                        "model.embedding.source"));
  EXPECT_THAT(refusal("a 1 2 3\n"), HasSubstr("v.txt:1: vectors of 3 numbers; expected 2"));
  EXPECT_THAT(refusal("a 1 2\nz 1\n"), HasSubstr("v.txt:2: vectors of 1 numbers; expected 2"));
  EXPECT_THAT(refusal("a 1 2\nz 1 2 3\n"), HasSubstr("v.txt:2: vectors of 3 numbers"));
  EXPECT_THAT(refusal("a 1 2\nb 1 2x\n"),
              HasSubstr("v.txt:2: '2x', number 2 of 'b'; expected a finite number"));
  EXPECT_THAT(refusal("a 1 nan\n"), HasSubstr("v.txt:1: 'nan', number 2 of 'a'"));
  EXPECT_THAT(refusal("a 1 2\n\nb 1 2\n"), HasSubstr("v.txt:2: is blank"));
  EXPECT_THAT(refusal("3 2\na 1 2\n"),
              HasSubstr("v.txt:1: says that there are 3 vectors, but the file has 1"));
  EXPECT_THAT(refusal("y 1 2\nz 1 2\n"), HasSubstr("none of the vocabulary's 8 pieces"));
  EXPECT_THAT(refusal(""), HasSubstr("none of the vocabulary's 8 pieces"));
}

TEST_F(WordVectorsTest, ChecksTheFirstLinesAlone) {
  directory_.write("v.txt", "a 1 2 3\n");
  const auto check = [&](const std::string& name) {
    return user_error([&] { check_word_vectors({directory_.path(name), 2, "width"}); });
  };
  EXPECT_THAT(check("v.txt"), HasSubstr("v.txt:1: vectors of 3 numbers; expected 2"));
  EXPECT_THAT(check("absent.txt"), HasSubstr("absent.txt"));
}

}  // namespace
}  // namespace weft

#include "align/word_projection.h"

#include <gmock/gmock.h>

#include <random>
#include <stdexcept>
#include <string>

#include "align/tokens.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;

TEST(Project, SumsColumnsOfASourceWord) {
  const std::string source = "unhappy cat";
  const AlignmentMatrix pieces{
      tokens_of(source, {{0, 2}, {2, 7}, {7, 11}}), words_of("x"), {0.2F, 0.3F, 0.5F}};
  const auto words = project(pieces, words_of(source), words_of("x"));
  EXPECT_EQ(words.source[0].text, "unhappy");
  EXPECT_THAT(words.weights, ElementsAre(FloatEq(0.5F), FloatEq(0.5F)));
}

TEST(Project, AveragesRowsOfATargetWord) {
  const std::string target = "unhappy cat";
  const AlignmentMatrix pieces{words_of("a b"),
                               tokens_of(target, {{0, 2}, {2, 7}, {7, 11}}),
                               {0.5F, 0.5F,  //
                                0.9F, 0.1F,  //
                                0.2F, 0.8F}};
  const auto words = project(pieces, words_of("a b"), words_of(target));
  ASSERT_EQ(words.rows(), 2U);
  EXPECT_THAT(words.weights,
              ElementsAre(FloatEq(0.7F), FloatEq(0.3F), FloatEq(0.2F), FloatEq(0.8F)));
}

// 我喜欢猫: words 我 | 喜欢 | 猫, pieces 我喜 | 欢猫, three bytes a character.
const std::string kChinese = "我喜欢猫";
const std::vector<Span> kChineseWords{{0, 3}, {3, 9}, {9, 12}};
const std::vector<Span> kChinesePieces{{0, 6}, {6, 12}};

TEST(Project, SharesASourcePieceAmongTheWordsItCovers) {
  const AlignmentMatrix pieces{tokens_of(kChinese, kChinesePieces), words_of("x"), {0.6F, 0.4F}};
  const auto words = project(pieces, tokens_of(kChinese, kChineseWords), words_of("x"));
  EXPECT_THAT(words.weights, ElementsAre(FloatEq(0.3F), FloatEq(0.5F), FloatEq(0.2F)));
}

TEST(Project, WeighsTargetPiecesByTheirPartInTheWord) {
  const AlignmentMatrix pieces{
      words_of("a b"), tokens_of(kChinese, kChinesePieces), {0.6F, 0.4F, 0.2F, 0.8F}};
  const auto words = project(pieces, words_of("a b"), tokens_of(kChinese, kChineseWords));
  EXPECT_THAT(words.weights, ElementsAre(FloatEq(0.6F), FloatEq(0.4F),  // the first piece
                                         FloatEq(0.4F), FloatEq(0.6F),  // half of each
                                         FloatEq(0.2F), FloatEq(0.8F)));
}

// "of the" as one piece with its space covers 2 + 3 bytes of words; the space counts for neither.
TEST(Project, CountsNoWhitespaceWhenItSharesAPiece) {
  const AlignmentMatrix pieces{tokens_of("of the", {{0, 6}}), words_of("x"), {1.0F}};
  const auto words = project(pieces, words_of("of the"), words_of("x"));
  EXPECT_THAT(words.weights, ElementsAre(FloatEq(0.4F), FloatEq(0.6F)));
}

// Pieces: empty at the start, "ab", the blank, "cd", the blanks at the end.
TEST(Project, GivesASourcePieceWithoutWordToTheNextOrTheLastWord) {
  const std::string line = "ab cd  ";
  const AlignmentMatrix pieces{tokens_of(line, {{0, 0}, {0, 2}, {2, 3}, {3, 5}, {5, 7}}),
                               words_of("x"),
                               {0.1F, 0.2F, 0.3F, 0.15F, 0.25F}};
  const auto words = project(pieces, words_of(line), words_of("x"));
  EXPECT_THAT(words.weights, ElementsAre(FloatEq(0.3F), FloatEq(0.7F)));
}

TEST(Project, DoesNotLetATargetPieceWithoutBytesSpeakForACoveredWord) {
  const AlignmentMatrix pieces{
      words_of("a b"), tokens_of("ab cd", {{0, 2}, {2, 3}, {3, 5}}), {1, 0, 1, 0, 0, 1}};
  const auto words = project(pieces, words_of("a b"), words_of("ab cd"));
  EXPECT_THAT(words.weights, ElementsAre(1, 0, 0, 1));
}

TEST(Project, LetsATargetPieceWithoutBytesSpeakForAWordWithNoOther) {
  const AlignmentMatrix pieces{
      words_of("a b"), tokens_of("ab cd", {{0, 2}, {2, 3}}), {1, 0, 0.25F, 0.75F}};
  const auto words = project(pieces, words_of("a b"), words_of("ab cd"));
  EXPECT_THAT(words.weights, ElementsAre(1, 0, 0.25F, 0.75F));
}

// 猫 as three byte pieces, of which the last holds the character's span, after another character.
TEST(Project, KeepsBytePiecesWithTheirCharacter) {
  const std::string line = "我 猫";
  const std::vector<Span> spans{{0, 3}, {4, 4}, {4, 4}, {4, 7}};
  const AlignmentMatrix pieces{tokens_of(line, spans), words_of("x"), {0.4F, 0.1F, 0.2F, 0.3F}};
  const auto words = project(pieces, words_of(line), words_of("x"));
  EXPECT_THAT(words.weights, ElementsAre(FloatEq(0.4F), FloatEq(0.6F)));
}

TEST(Project, SaysNothingOfWordsWithoutPieces) {
  const AlignmentMatrix pieces{tokens_of("ab cd", {{0, 2}}), tokens_of("x y", {{2, 3}}), {1.0F}};
  const auto words = project(pieces, words_of("ab cd"), words_of("x y"));
  EXPECT_THAT(words.weights, ElementsAre(0.5F, 0.5F,    // x was produced by no step
                                         1.0F, 0.0F));  // cd was not seen
}

TEST(Project, KeepsTheEndOfSentence) {
  AlignmentMatrix pieces{
      tokens_of("ab", {{0, 1}, {1, 2}}), words_of("x"), {0.5F, 0.2F, 0.3F, 0, 0, 1}};
  pieces.source.push_back(end_of_sentence(2));
  pieces.target.push_back(end_of_sentence(1));
  const auto words = project(pieces, words_of("ab"), words_of("x"));
  ASSERT_EQ(words.columns(), 2U);
  ASSERT_EQ(words.rows(), 2U);
  EXPECT_TRUE(words.source.back().end_of_sentence);
  EXPECT_TRUE(words.target.back().end_of_sentence);
  EXPECT_THAT(words.weights, ElementsAre(FloatEq(0.7F), FloatEq(0.3F), 0, 1));
}

TEST(Project, TakesEmptyLines) {
  const auto empty = project({}, {}, {});
  EXPECT_EQ(empty.rows(), 0U);
  AlignmentMatrix pieces{{}, tokens_of("x", {{0, 1}}), {1.0F}};
  pieces.source.push_back(end_of_sentence(0));
  EXPECT_THAT(project(pieces, {}, words_of("x")).weights, ElementsAre(1.0F));
  EXPECT_TRUE(drop_end_of_sentence(project(pieces, {}, words_of("x"))).weights.empty());
}

TEST(Project, RefusesAMatrixOfTheWrongShape) {
  EXPECT_THROW(project(matrix_of("a b", "x", {1.0F}), words_of("a b"), words_of("x")),
               std::invalid_argument);
}

// Any way of cutting both lines: every row still sums to 1.
TEST(Project, KeepsRowSumsForAnySegmentation) {
  const std::string source = " the  cat sat on a mat ";
  const std::string target = "le chat était assis";
  std::mt19937 random(7);
  const auto random_pieces = [&random](const std::string& line) {
    std::vector<Span> spans;
    for (std::size_t begin = 0; begin < line.size();) {
      const std::size_t end = std::min(begin + random() % 5, line.size());
      spans.push_back({begin, end});
      begin = end;
    }
    return tokens_of(line, spans);
  };
  for (int trial = 0; trial < 200; ++trial) {
    AlignmentMatrix pieces{random_pieces(source), random_pieces(target), {}};
    for (std::size_t row = 0; row < pieces.rows(); ++row) {
      std::vector<double> weights;
      double sum = 0;
      for (std::size_t column = 0; column < pieces.columns(); ++column) {
        weights.push_back(static_cast<double>(random() % 1000 + 1));
        sum += weights.back();
      }
      for (const double weight : weights)
        pieces.weights.push_back(static_cast<float>(weight / sum));
    }
    const auto words = project(pieces, words_of(source), words_of(target));
    ASSERT_EQ(words.columns(), 6U);
    ASSERT_EQ(words.rows(), 4U);
    for (std::size_t row = 0; row < words.rows(); ++row) {
      double sum = 0;
      for (std::size_t column = 0; column < words.columns(); ++column) sum += words.at(row, column);
      EXPECT_NEAR(sum, 1.0, 1e-6);
    }
  }
}

}  // namespace
}  // namespace weft

#include "align/alignment_matrix.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "align/tokens.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;

AlignmentMatrix with_ends(std::vector<float> weights) {
  AlignmentMatrix matrix = matrix_of("Hund schläft", "dog sleeps", std::move(weights));
  matrix.source.push_back(end_of_sentence(13));
  matrix.target.push_back(end_of_sentence(10));
  return matrix;
}

TEST(DropEndOfSentence, RemovesRowAndColumnAndDividesByWhatIsLeft) {
  const auto words = drop_end_of_sentence(with_ends({0.6F, 0.2F, 0.2F,  //
                                                     0.1F, 0.4F, 0.5F,  //
                                                     0.0F, 0.0F, 1.0F}));
  ASSERT_EQ(words.rows(), 2U);
  ASSERT_EQ(words.columns(), 2U);
  EXPECT_EQ(words.source.back().text, "schläft");
  EXPECT_EQ(words.target.back().text, "sleeps");
  EXPECT_THAT(words.weights,
              ElementsAre(FloatEq(0.75F), FloatEq(0.25F), FloatEq(0.2F), FloatEq(0.8F)));
}

TEST(DropEndOfSentence, MakesARowUniformThatSawOnlyTheEnd) {
  const auto words = drop_end_of_sentence(with_ends({1, 0, 0, 0, 0, 1, 0, 0, 1}));
  EXPECT_THAT(words.weights, ElementsAre(1.0F, 0.0F, 0.5F, 0.5F));
}

TEST(DropEndOfSentence, LeavesAMatrixOfWordsAlone) {
  const auto matrix = matrix_of("a b", "x", {0.25F, 0.75F});
  const auto words = drop_end_of_sentence(matrix);
  EXPECT_EQ(words.weights, matrix.weights);
  EXPECT_EQ(words.columns(), 2U);
}

TEST(DropEndOfSentence, WorksOnOneSideAlone) {
  AlignmentMatrix matrix = matrix_of("a b", "x", {0.25F, 0.75F, 0.5F, 0.5F});
  matrix.target.push_back(end_of_sentence(1));
  EXPECT_THAT(drop_end_of_sentence(matrix).weights, ElementsAre(0.25F, 0.75F));
}

TEST(DropEndOfSentence, LeavesNoWeightsWhereTheSourceIsEmpty) {
  AlignmentMatrix matrix = matrix_of("", "x", {1.0F});
  matrix.source.push_back(end_of_sentence(0));
  const auto words = drop_end_of_sentence(matrix);
  EXPECT_EQ(words.rows(), 1U);
  EXPECT_EQ(words.columns(), 0U);
  EXPECT_TRUE(words.weights.empty());
}

TEST(CheckMatrix, RefusesAWrongNumberOfWeights) {
  EXPECT_THROW(check_matrix(matrix_of("a b", "x", {1.0F})), std::invalid_argument);
  EXPECT_NO_THROW(check_matrix(matrix_of("", "", {})));
}

TEST(CheckMatrix, RefusesAnEndOfSentenceBeforeTheLastToken) {
  AlignmentMatrix matrix = matrix_of("a b", "x", {0.5F, 0.5F});
  matrix.source.front().end_of_sentence = true;
  EXPECT_THROW(check_matrix(matrix), std::invalid_argument);
}

}  // namespace
}  // namespace weft

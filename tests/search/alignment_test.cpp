#include "search/alignment.h"

#include <gmock/gmock.h>
#include <torch/types.h>

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::Pointwise;

/// "ab c" in three pieces beside "xy z" in two.
class MakeAlignmentTest : public ::testing::Test {
 protected:
  TokenizedLine source_{"ab c", {"▁a", "b", "▁c"}, {{0, 1}, {1, 2}, {3, 4}}, {{0, 2}, {3, 4}}};
  TokenizedLine target_{"xy z", {"▁xy", "▁z"}, {{0, 2}, {3, 4}}, {{0, 2}, {3, 4}}};
  torch::Tensor attention_ = torch::tensor({{0.1F, 0.2F, 0.5F, 0.2F},    // xy
                                            {0.3F, 0.3F, 0.0F, 0.4F},    // z
                                            {0.0F, 0.25F, 0.25F, 0.5F}}  // end of sentence
  );

  static void expect(const AlignmentMatrix& matrix, const std::vector<std::string>& source,
                     const std::vector<std::string>& target, const std::vector<float>& weights) {
    const auto texts = [](const std::vector<AlignedToken>& tokens) {
      std::vector<std::string> names;
      for (const auto& token : tokens) names.push_back(token.text);
      return names;
    };
    EXPECT_EQ(texts(matrix.source), source);
    EXPECT_EQ(texts(matrix.target), target);
    EXPECT_THAT(matrix.weights, Pointwise(FloatNear(1e-6F), weights));
  }
};

TEST_F(MakeAlignmentTest, ShowsPiecesAndTheEndOfSentenceAsTheyAre) {
  const auto matrix =
      make_alignment(attention_, source_, target_, {AlignmentUnit::kPiece, EndOfSentence::kKeep});
  expect(matrix, {"▁a", "b", "▁c", "</s>"}, {"▁xy", "▁z", "</s>"},
         {0.1F, 0.2F, 0.5F, 0.2F, 0.3F, 0.3F, 0, 0.4F, 0, 0.25F, 0.25F, 0.5F});
  EXPECT_EQ(matrix.source[1].span, (Span{1, 2}));
  EXPECT_EQ(matrix.source[3].span, (Span{4, 4}));
  EXPECT_TRUE(matrix.source[3].end_of_sentence);
  EXPECT_TRUE(matrix.target[2].end_of_sentence);
  EXPECT_FALSE(matrix.source[2].end_of_sentence);
}

TEST_F(MakeAlignmentTest, DividesByWhatTheEndOfSentenceLeaves) {
  expect(
      make_alignment(attention_, source_, target_, {AlignmentUnit::kPiece, EndOfSentence::kDrop}),
      {"▁a", "b", "▁c"}, {"▁xy", "▁z"}, {0.125F, 0.25F, 0.625F, 0.5F, 0.5F, 0});
}

TEST_F(MakeAlignmentTest, AddsUpThePiecesOfASourceWord) {
  expect(make_alignment(attention_, source_, target_, {AlignmentUnit::kWord, EndOfSentence::kKeep}),
         {"ab", "c", "</s>"}, {"xy", "z", "</s>"},
         {0.3F, 0.5F, 0.2F, 0.6F, 0, 0.4F, 0.25F, 0.25F, 0.5F});
  expect(make_alignment(attention_, source_, target_, {}), {"ab", "c"}, {"xy", "z"},
         {0.375F, 0.625F, 1, 0});
}

TEST_F(MakeAlignmentTest, TakesTheMeanOfThePiecesOfATargetWord) {
  // The same attention read the other way: "ab c" is the target of "xy z".
  const auto attention = attention_.t().contiguous().narrow(0, 0, 4);
  expect(make_alignment(attention, target_, source_, {AlignmentUnit::kWord, EndOfSentence::kKeep}),
         {"xy", "z", "</s>"}, {"ab", "c", "</s>"},
         {0.15F, 0.3F, 0.125F, 0.5F, 0, 0.25F, 0.2F, 0.4F, 0.5F});
}

TEST_F(MakeAlignmentTest, HasNoRowForAnEndThatWasNotProduced) {
  expect(make_alignment(attention_.narrow(0, 0, 2), source_, target_,
                        {AlignmentUnit::kPiece, EndOfSentence::kKeep}),
         {"▁a", "b", "▁c", "</s>"}, {"▁xy", "▁z"}, {0.1F, 0.2F, 0.5F, 0.2F, 0.3F, 0.3F, 0, 0.4F});
}

TEST_F(MakeAlignmentTest, ReadsAnyLayoutOfTheAttention) {
  const auto strided = attention_.t().contiguous().t();
  EXPECT_EQ(make_alignment(strided, source_, target_, {}).weights,
            make_alignment(attention_, source_, target_, {}).weights);
}

TEST_F(MakeAlignmentTest, RefusesAttentionOfOtherTokens) {
  EXPECT_THROW(make_alignment(attention_.narrow(1, 0, 3), source_, target_, {}), c10::Error);
  EXPECT_THROW(make_alignment(attention_.narrow(0, 0, 1), source_, target_, {}), c10::Error);
}

}  // namespace
}  // namespace weft

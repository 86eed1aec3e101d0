#include "text/sentencepiece_ids.h"

#include <gtest/gtest.h>

namespace weft {
namespace {

TEST(SentencePieceIds, AreTheModelsWhereItReservesWhatWeftDoes) {
  const SentencePieceIds ids(6, {0, 1, 2, 3});
  ASSERT_EQ(ids.size(), 6);
  for (int32_t id = 0; id < 6; ++id) {
    EXPECT_EQ(ids.to_model(id), id);
    EXPECT_EQ(ids.from_model(id), id);
  }
}

TEST(SentencePieceIds, PutReservedTokensFirstAndAddMissingOnes) {
  // unknown 0, begin 1, end 2, no pad, as spm_train does by default
  const SentencePieceIds ids(5, {-1, 0, 1, 2});
  ASSERT_EQ(ids.size(), 6);
  EXPECT_EQ(ids.to_model(0), SentencePieceIds::kNone);
  EXPECT_EQ(ids.to_model(1), 0);
  EXPECT_EQ(ids.to_model(2), 1);
  EXPECT_EQ(ids.to_model(3), 2);
  EXPECT_EQ(ids.to_model(4), 3);
  EXPECT_EQ(ids.to_model(5), 4);
  EXPECT_EQ(ids.from_model(0), 1);
  EXPECT_EQ(ids.from_model(4), 5);
}

TEST(SentencePieceIds, KeepTheOrderOfOrdinaryPiecesAroundReservedOnes) {
  const SentencePieceIds ids(6, {5, 2, 0, 3});  // ordinary: 1 and 4
  ASSERT_EQ(ids.size(), 6);
  EXPECT_EQ(ids.to_model(0), 5);
  EXPECT_EQ(ids.to_model(4), 1);
  EXPECT_EQ(ids.to_model(5), 4);
  EXPECT_EQ(ids.from_model(4), 5);
}

}  // namespace
}  // namespace weft

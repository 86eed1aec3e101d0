#include "data/soft_links.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "data/guidance_store.h"

namespace weft {
namespace {

/// The rows of guide_attention(), one behind the other, with `padding` columns more than needed.
std::vector<float> rows_of(const PairLinks& links, const PieceSpans& pieces,
                           std::size_t padding = 0) {
  const std::size_t columns = pieces.source.size() + 1 + padding;
  std::vector<float> rows((pieces.target.size() + 1) * columns, 0.0F);
  guide_attention(links, pieces, static_cast<int64_t>(columns), rows.data());
  return rows;
}

void expect_rows(const std::vector<float>& found, const std::vector<float>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-6) << i;
}

TEST(SoftLinks, DivideAWordAmongItsPiecesByTheirBytes) {
  // "abcd ef" -> "xy": source pieces "abc", "d", "ef"; the whole target is one piece.
  const PairLinks links{{{0, 4}, {5, 7}}, {{0, 2}}, {{0, 0, 204}, {1, 0, 51}}};
  expect_rows(rows_of(links, {{{0, 3}, {3, 4}, {5, 7}}, {{0, 2}}}), {0.6F, 0.2F, 0.2F, 0,  //
                                                                     0, 0, 0, 1});
}

TEST(SoftLinks, SayHowSureARowIs) {
  const PairLinks links{
      {{0, 1}, {2, 3}}, {{0, 1}, {2, 3}, {4, 5}}, {{0, 0, 51}, {0, 1, 255}, {1, 1, 255}}};
  // Half a believer, two that share one row, and a word that comes from nothing.
  expect_rows(rows_of(links, {{{0, 1}, {2, 3}}, {{0, 1}, {2, 3}, {4, 5}}}, 1),
              {0.2F, 0, 0, 0,     //
               0.5F, 0.5F, 0, 0,  //
               0, 0, 0, 0,        //
               0, 0, 1, 0});
}

TEST(SoftLinks, CrossTheEndsOfWords) {
  // Target "aab" in words "aa", "b": a piece "ab" belongs by half to each.
  const PairLinks links{{{0, 1}, {1, 2}}, {{0, 2}, {2, 3}}, {{0, 0, 255}, {1, 1, 255}}};
  expect_rows(rows_of(links, {{{0, 1}, {1, 2}}, {{0, 1}, {1, 3}}}), {1, 0, 0,        //
                                                                     0.5F, 0.5F, 0,  //
                                                                     0, 0, 1});
  // A source piece over both words gets what both have.
  expect_rows(rows_of(links, {{{0, 2}}, {{0, 1}, {1, 3}}}), {1, 0, 1, 0, 0, 1});
}

TEST(SoftLinks, LeavePiecesWithoutAByteAlone) {
  // "▁" before the word stands for no byte, and a blank for none of a word's.
  const PairLinks links{{{1, 3}}, {{0, 2}}, {{0, 0, 255}}};
  expect_rows(rows_of(links, {{{0, 0}, {0, 1}, {1, 3}}, {{0, 0}, {0, 2}}}), {0, 0, 0, 0,  //
                                                                             0, 0, 1, 0,  //
                                                                             0, 0, 0, 1});
}

TEST(SoftLinks, DivideACharacterAmongItsBytePieces) {
  // Three byte pieces that all stand for one character of three bytes.
  const PairLinks links{{{0, 3}}, {{0, 3}}, {{0, 0, 255}}};
  expect_rows(rows_of(links, {{{0, 3}, {0, 3}, {0, 3}}, {{0, 3}}}),
              {1 / 3.0F, 1 / 3.0F, 1 / 3.0F, 0,  //
               0, 0, 0, 1});
}

TEST(SoftLinks, TakeAPairWithoutAnything) { expect_rows(rows_of({}, {}), {1}); }

TEST(SoftLinks, FindThePiecesOfWordsFromRightToLeft) {
  const PairLinks links{{{0, 1}}, {{0, 2}, {3, 4}}, {{0, 0, 255}}};
  expect_rows(rows_of(links, {{{0, 1}}, {{3, 4}, {1, 2}, {0, 1}}}), {0, 0, 1, 0, 1, 0, 0, 1});
}

TEST(GuidanceStore, KeepsWhatItIsGiven) {
  GuidanceStore store(std::filesystem::temp_directory_path());
  EXPECT_EQ(store.size(), 0);
  const PairGuidance first{{{{0, 3}, {4, 300}}, {{0, 1}}, {{1, 0, 26}, {0, 0, 255}}},
                           {{{0, 3}, {0, 3}, {4, 70000}}, {{0, 0}, {0, 1}}}};
  store.add({first, {}});
  const auto fingerprint = store.fingerprint();
  store.add({first});
  EXPECT_NE(store.fingerprint(), fingerprint);
  ASSERT_EQ(store.size(), 3);
  for (const int64_t index : {2, 0}) {
    const auto found = store.pair(index);
    EXPECT_EQ(found.words.source, first.words.source);
    EXPECT_EQ(found.words.target, first.words.target);
    EXPECT_EQ(found.words.links, first.words.links);
    EXPECT_EQ(found.pieces.source, first.pieces.source);
    EXPECT_EQ(found.pieces.target, first.pieces.target);
  }
  EXPECT_TRUE(store.pair(1).words.links.empty());
  EXPECT_THROW(store.pair(3), std::out_of_range);
}

}  // namespace
}  // namespace weft

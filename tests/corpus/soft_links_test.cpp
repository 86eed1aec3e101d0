#include "data/soft_links.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <random>
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

/// Rows of three places for `pieces`, and that of the end.
std::vector<float> places_of(const PairLinks& links, const std::vector<Span>& pieces) {
  std::vector<float> rows(3 * (pieces.size() + 1), 0.0F);
  guide_to_places(links, pieces, 3, rows.data());
  return rows;
}

TEST(SoftLinks, SpreadAWordOverItsPlaces) {
  // "ab c": a word that lies in two places, the second half as much, and one in the third.
  const PairLinks links{{}, {{0, 2}, {3, 4}}, {{0, 0, 100}, {1, 0, 50}, {2, 1, 1}}};
  expect_rows(places_of(links, {{0, 2}, {3, 4}}), {2 / 3.0F, 1 / 3.0F, 0, 0, 0, 1, 0, 0, 0});
  // A piece of both has two bytes of the first and one of the second; "d" is of no word.
  expect_rows(places_of(links, {{0, 4}, {4, 5}}), {4 / 9.0F, 2 / 9.0F, 1 / 3.0F, 0, 0, 0, 0, 0, 0});
}

// Whatever the pieces are: a row is a distribution, or nothing is taught.
TEST(SoftLinks, GiveEveryPieceADistributionOverPlacesOrNone) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 200; ++trial) {
    PairLinks links;
    std::vector<Span> pieces;
    for (std::size_t byte = 0; byte < 12; byte += 1 + random() % 3) {
      const auto word = static_cast<uint32_t>(links.target.size());
      links.target.push_back({byte, byte + 1});
      for (uint32_t place = 0; place < 3; ++place)
        if (random() % 2 == 0)
          links.links.push_back({place, word, static_cast<uint8_t>(1 + random() % 255)});
    }
    for (std::size_t begin = 0; begin < 12;) {
      const std::size_t end = begin + 1 + random() % 4;
      pieces.push_back({begin, end});
      begin = end;
    }
    const auto rows = places_of(links, pieces);
    for (std::size_t row = 0; row <= pieces.size(); ++row) {
      float sum = 0;
      for (std::size_t place = 0; place < 3; ++place) {
        EXPECT_GE(rows[3 * row + place], 0);
        sum += rows[3 * row + place];
      }
      EXPECT_TRUE(sum == 0 || std::abs(sum - 1) < 1e-6) << sum;
    }
  }
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

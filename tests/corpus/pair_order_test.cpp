#include "data/pair_order.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "text/user_error.h"

namespace weft {
namespace {

using testing::HasSubstr;

const std::vector<CorpusPart> kParts{{"big", 0, 70}, {"small", 70, 10}, {"middle", 80, 20}};

/// How many pairs of each part stand in an epoch.
std::vector<int64_t> counts(const PairOrder& order, int64_t epoch) {
  std::vector<int64_t> found(kParts.size());
  for (const int64_t pair : order.pairs(epoch, 0, order.size()))
    ++found[pair < 70 ? 0 : pair < 80 ? 1 : 2];
  return found;
}

TEST(PairOrder, OfOneCorpusIsAPermutation) {
  const PairOrder order(kParts, {}, 1);
  ASSERT_EQ(order.size(), 100);
  auto first = order.pairs(0, 0, 100);
  EXPECT_NE(first, order.pairs(1, 0, 100));
  std::sort(first.begin(), first.end());
  for (int64_t i = 0; i < 100; ++i) EXPECT_EQ(first[static_cast<std::size_t>(i)], i);
}

TEST(PairOrder, GivesEachCorpusItsShare) {
  const PairOrder order(kParts, {{1, 2, 1}, 0, {}}, 1);
  for (int64_t epoch = 0; epoch < 5; ++epoch)
    EXPECT_EQ(counts(order, epoch), (std::vector<int64_t>{25, 50, 25}));
  EXPECT_EQ(order.quota(1), 50);
}

// p_i ~ n_i^(1/T), Arivazhagan et al. 2019 (arXiv:1907.05019): at 2, sqrt(70) : sqrt(10) :
// sqrt(20).
TEST(PairOrder, FlattensSharesByATemperature) {
  EXPECT_EQ(counts(PairOrder(kParts, {{}, 1, {}}, 1), 0), (std::vector<int64_t>{70, 10, 20}));
  EXPECT_EQ(counts(PairOrder(kParts, {{}, 2, {}}, 1), 0), (std::vector<int64_t>{52, 20, 28}));
  EXPECT_EQ(counts(PairOrder(kParts, {{}, 1000, {}}, 1), 0), (std::vector<int64_t>{34, 33, 33}));
  EXPECT_EQ(counts(PairOrder(kParts, {{}, 1e-6, {}}, 1), 0), (std::vector<int64_t>{100, 0, 0}));
}

// A corpus is gone through before a pair of it comes again, over the ends of epochs.
TEST(PairOrder, UsesAllPairsEquallyOften) {
  const PairOrder order(kParts, {{3, 3, 1}, 0, {}}, 1);
  std::map<int64_t, int> used;
  for (int64_t epoch = 0; epoch < 7; ++epoch)
    for (const int64_t pair : order.pairs(epoch, 0, order.size())) ++used[pair];
  const int64_t big = 7 * order.quota(0), small = 7 * order.quota(1);
  for (int64_t pair = 0; pair < 70; ++pair) {
    EXPECT_GE(used[pair], big / 70);
    EXPECT_LE(used[pair], (big + 69) / 70);
  }
  for (int64_t pair = 70; pair < 80; ++pair) {
    EXPECT_GE(used[pair], small / 10);
    EXPECT_LE(used[pair], (small + 9) / 10);
  }
}

TEST(PairOrder, IsTheSameInPieces) {
  const PairOrder order(kParts, {{1, 5, 1}, 0, {}}, 3);
  const auto all = order.pairs(4, 0, 100);
  auto pieces = order.pairs(4, 0, 37);
  for (const int64_t pair : order.pairs(4, 37, 100)) pieces.push_back(pair);
  EXPECT_EQ(pieces, all);
  EXPECT_NE(PairOrder(kParts, {{1, 5, 1}, 0, {}}, 4).pairs(4, 0, 100), all);
}

TEST(PairOrder, LeavesOutACorpusWithoutWeightAndKeepsATinyOne) {
  EXPECT_EQ(counts(PairOrder(kParts, {{0, 1, 0}, 0, {}}, 1), 0), (std::vector<int64_t>{0, 100, 0}));
  EXPECT_EQ(counts(PairOrder(kParts, {{1e6, 1, 1e6}, 0, {}}, 1), 0)[1], 1);
}

TEST(PairOrder, RefusesAWeightOfNothing) {
  const std::vector<CorpusPart> parts{{"a.de", 0, 5}, {"b.de", 5, 0}};
  EXPECT_THAT(user_error([&] {
                PairOrder(parts, {{1, 1}, 0, {}}, 1);
              }),
              HasSubstr("b.de: holds no sentence pair that can be learnt from"));
  EXPECT_EQ(PairOrder(parts, {{1, 0}, 0, {}}, 1).size(), 5);
}

}  // namespace
}  // namespace weft

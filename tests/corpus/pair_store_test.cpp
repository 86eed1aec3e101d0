#include "data/pair_store.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <stdexcept>

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PairStore store_of(const std::vector<std::vector<EncodedPair>>& blocks) {
  PairStore store(std::filesystem::temp_directory_path().string());
  for (const auto& block : blocks) store.add(block);
  return store;
}

/// Of one source.
EncodedPair text_pair(std::vector<int32_t> source, std::vector<int32_t> target, int64_t line) {
  return {{{std::move(source)}}, std::move(target), line};
}

TEST(PairStore, GivesBackEveryPair) {
  const PairStore store = store_of(
      {{text_pair({4, 5}, {6}, 1), text_pair({7}, {8, 9, 10}, 3)}, {}, {text_pair({11}, {}, 4)}});
  ASSERT_EQ(store.size(), 3);
  EXPECT_EQ(store.lengths(1), (PairLengths{1, 3}));
  EXPECT_THAT(store.pair(0).sources[0].ids, ElementsAre(4, 5));
  EXPECT_THAT(store.pair(0).target, ElementsAre(6));
  EXPECT_THAT(store.pair(1).sources[0].ids, ElementsAre(7));
  EXPECT_THAT(store.pair(1).target, ElementsAre(8, 9, 10));
  EXPECT_EQ(store.pair(1).line, 3);
  EXPECT_THAT(store.pair(2).sources[0].ids, ElementsAre(11));
  EXPECT_THAT(store.pair(2).target, IsEmpty());
}

TEST(PairStore, GivesBackTheFactorsOfEveryPair) {
  const EncodedPair first{{{{4, 5}, {{7, 8}, {9, 10}}}}, {6}, 1},
      second{{{{11}, {{13}, {14}}}}, {12}, 2};
  const PairStore store = store_of({{first}, {second}});
  EXPECT_EQ(store.pair(0).sources, first.sources);
  EXPECT_EQ(store.pair(1).sources, second.sources);
  EXPECT_THAT(store.pair(1).target, ElementsAre(12));
  const EncodedPair other{{{{4, 5}, {{7, 8}, {9, 9}}}}, {6}, 1};
  EXPECT_NE(store_of({{other}, {second}}).fingerprint(), store.fingerprint());
}

TEST(PairStore, GivesBackEverySource) {
  const EncodedPair first{{{{4}, {{7}}}, {{8, 9}, {{1, 2}}}, {{}}}, {6}, 1},
      second{{{{11}, {{5}}}, {{}, {{}}}, {{13}}}, {12}, 2};
  const PairStore store = store_of({{first, second}});
  EXPECT_EQ(store.pair(0).sources, first.sources);
  EXPECT_EQ(store.pair(1).sources, second.sources);
  EXPECT_THAT(store.pair(1).target, ElementsAre(12));
  EXPECT_EQ(store.lengths(0), (PairLengths{2, 1})) << "the longest source counts";
  const EncodedPair other{{{{4}, {{7}}}, {{8}, {{1}}}, {{9}}}, {6}, 1};
  EXPECT_NE(store_of({{other, second}}).fingerprint(), store.fingerprint());
}

TEST(PairStore, GivesBackItems) {
  const EncodedPair pair{{{{7}, {}, 196}, {{8}, {}, 50}}, {6}, 1};
  const PairStore store = store_of({{pair}});
  EXPECT_EQ(store.pair(0).sources, pair.sources);
  EXPECT_EQ(store.lengths(0), (PairLengths{196, 1})) << "annotations count";
}

TEST(PairStore, RefusesPairsThatAreNotThere) {
  const PairStore store = store_of({{text_pair({4}, {5}, 1)}});
  EXPECT_THROW(store.pair(1), std::out_of_range);
  EXPECT_THROW(store.lengths(-1), std::out_of_range);
}

TEST(PairStore, KnowsItsPairsAgainHoweverTheyCame) {
  const auto a = text_pair({4, 5}, {6}, 1), b = text_pair({7}, {8}, 2);
  const std::string print = store_of({{a, b}}).fingerprint();
  EXPECT_EQ(store_of({{a}, {}, {b}}).fingerprint(), print);
  EXPECT_NE(store_of({{b, a}}).fingerprint(), print);
  EXPECT_NE(store_of({{a}}).fingerprint(), print);
  EXPECT_NE(store_of({{text_pair({4}, {5, 6}, 1), b}}).fingerprint(), print)
      << "the same tokens in a row";
  EXPECT_NE(store_of({{a, text_pair({7}, {9}, 2)}}).fingerprint(), print);
}

}  // namespace
}  // namespace weft

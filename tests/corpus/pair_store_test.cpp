#include "data/pair_store.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <stdexcept>

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PairStore store_of(const std::vector<std::vector<EncodedPair>>& blocks) {
  PairStore store(std::filesystem::temp_directory_path());
  for (const auto& block : blocks) store.add(block);
  return store;
}

TEST(PairStore, GivesBackEveryPair) {
  const PairStore store = store_of({{{{4, 5}, {6}, 1}, {{7}, {8, 9, 10}, 3}}, {}, {{{11}, {}, 4}}});
  ASSERT_EQ(store.size(), 3);
  EXPECT_EQ(store.lengths(1), (PairLengths{1, 3}));
  EXPECT_THAT(store.pair(0).source, ElementsAre(4, 5));
  EXPECT_THAT(store.pair(0).target, ElementsAre(6));
  EXPECT_THAT(store.pair(1).source, ElementsAre(7));
  EXPECT_THAT(store.pair(1).target, ElementsAre(8, 9, 10));
  EXPECT_EQ(store.pair(1).line, 3);
  EXPECT_THAT(store.pair(2).source, ElementsAre(11));
  EXPECT_THAT(store.pair(2).target, IsEmpty());
}

TEST(PairStore, GivesBackTheFactorsOfEveryPair) {
  const EncodedPair first{{4, 5}, {6}, 1, {{7, 8}, {9, 10}}}, second{{11}, {12}, 2, {{13}, {14}}};
  const PairStore store = store_of({{first}, {second}});
  EXPECT_EQ(store.pair(0).factors, first.factors);
  EXPECT_EQ(store.pair(1).factors, second.factors);
  EXPECT_THAT(store.pair(1).target, ElementsAre(12));
  const EncodedPair other{{4, 5}, {6}, 1, {{7, 8}, {9, 9}}};
  EXPECT_NE(store_of({{other}, {second}}).fingerprint(), store.fingerprint());
}

TEST(PairStore, GivesBackFurtherSources) {
  const EncodedPair first{{4}, {6}, 1, {{7}}, {{8, 9}, {}}},
      second{{11}, {12}, 2, {{5}}, {{}, {13}}};
  const PairStore store = store_of({{first, second}});
  EXPECT_EQ(store.pair(0).further, first.further);
  EXPECT_EQ(store.pair(0).factors, first.factors);
  EXPECT_EQ(store.pair(1).further, second.further);
  EXPECT_EQ(store.lengths(0), (PairLengths{2, 1})) << "the longest source counts";
  const EncodedPair other{{4}, {6}, 1, {{7}}, {{8}, {9}}};
  EXPECT_NE(store_of({{other, second}}).fingerprint(), store.fingerprint());
}

TEST(PairStore, RefusesPairsThatAreNotThere) {
  const PairStore store = store_of({{{{4}, {5}, 1}}});
  EXPECT_THROW(store.pair(1), std::out_of_range);
  EXPECT_THROW(store.lengths(-1), std::out_of_range);
}

TEST(PairStore, KnowsItsPairsAgainHoweverTheyCame) {
  const EncodedPair a{{4, 5}, {6}, 1}, b{{7}, {8}, 2};
  const std::string print = store_of({{a, b}}).fingerprint();
  EXPECT_EQ(store_of({{a}, {}, {b}}).fingerprint(), print);
  EXPECT_NE(store_of({{b, a}}).fingerprint(), print);
  EXPECT_NE(store_of({{a}}).fingerprint(), print);
  EXPECT_NE(store_of({{{{4}, {5, 6}, 1}, b}}).fingerprint(), print) << "the same tokens in a row";
  EXPECT_NE(store_of({{a, {{7}, {9}, 2}}}).fingerprint(), print);
}

}  // namespace
}  // namespace weft

#include "data/batcher.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

namespace weft {
namespace {

using testing::ElementsAre;
using testing::Lt;

/// Lengths like those of 20,000 sentences: most near 12 tokens, some long, the two sides alike.
std::vector<PairLengths> realistic_lengths() {
  std::vector<PairLengths> lengths;
  uint32_t state = 1;
  const auto draw = [&state](int64_t bound) {
    state = state * 1664525U + 1013904223U;
    return static_cast<int64_t>(state >> 8) % bound;
  };
  for (int i = 0; i < 20000; ++i) {
    const int64_t words = 3 + draw(8) + draw(8) + (draw(20) == 0 ? draw(60) : 0);
    lengths.push_back({words + draw(4), words + draw(4)});
  }
  return lengths;
}

int64_t padded_tokens(const std::vector<PairLengths>& lengths, const PairIndices& batch) {
  int64_t longest = 0;
  for (const int64_t i : batch) {
    const PairLengths& pair = lengths[static_cast<std::size_t>(i)];
    longest = std::max({longest, pair.source + 1, pair.target + 1});
  }
  return longest * static_cast<int64_t>(batch.size());
}

std::set<std::set<int64_t>> as_sets(const std::vector<PairIndices>& batches) {
  std::set<std::set<int64_t>> sets;
  for (const PairIndices& batch : batches) sets.insert({batch.begin(), batch.end()});
  return sets;
}

TEST(Batcher, UsesEveryPairOnce) {
  const std::vector<PairLengths> lengths = realistic_lengths();
  std::vector<int> used(lengths.size(), 0);
  for (const PairIndices& batch : make_batches(lengths, 1000)) {
    for (const int64_t i : batch) ++used.at(static_cast<std::size_t>(i));
  }
  EXPECT_EQ(std::count(used.begin(), used.end(), 1), static_cast<int64_t>(lengths.size()));
}

TEST(Batcher, KeepsToTheLimit) {
  const std::vector<PairLengths> lengths = realistic_lengths();
  for (const PairIndices& batch : make_batches(lengths, 1000)) {
    ASSERT_FALSE(batch.empty());
    EXPECT_LE(padded_tokens(lengths, batch), 1000);
  }
}

TEST(Batcher, FillsBatchesToTheLimit) {
  // 3 + 1 tokens a row: five rows are 20.
  const std::vector<PairLengths> lengths(10, {3, 2});
  const auto batches = make_batches(lengths, 20);
  ASSERT_EQ(batches.size(), 2u);
  EXPECT_EQ(batches[0].size(), 5u);
  EXPECT_EQ(make_batches(lengths, 19).size(), 3u);
}

TEST(Batcher, GivesAnOverlongPairABatchOfItsOwn) {
  const auto batches = make_batches({{3, 3}, {50, 2}, {3, 3}, {2, 60}}, 20);
  EXPECT_EQ(as_sets(batches), (std::set<std::set<int64_t>>{{0, 2}, {1}, {3}}));
}

TEST(Batcher, PadsLittle) {
  const std::vector<PairLengths> lengths = realistic_lengths();
  int64_t source_tokens = 0;
  int64_t target_tokens = 0;
  int64_t source_padded = 0;
  int64_t target_padded = 0;
  for (const PairIndices& batch : make_batches(lengths, 2000)) {
    PairLengths longest;
    for (const int64_t i : batch) {
      const PairLengths& pair = lengths[static_cast<std::size_t>(i)];
      source_tokens += pair.source + 1;
      target_tokens += pair.target + 1;
      longest = {std::max(longest.source, pair.source), std::max(longest.target, pair.target)};
    }
    source_padded += (longest.source + 1) * static_cast<int64_t>(batch.size());
    target_padded += (longest.target + 1) * static_cast<int64_t>(batch.size());
  }
  const double source_share =
      1 - static_cast<double>(source_tokens) / static_cast<double>(source_padded);
  const double target_share =
      1 - static_cast<double>(target_tokens) / static_cast<double>(target_padded);
  RecordProperty("source_padding_percent", std::to_string(100 * source_share));
  RecordProperty("target_padding_percent", std::to_string(100 * target_share));
  EXPECT_THAT(source_share, Lt(0.05));
  EXPECT_THAT(target_share, Lt(0.02));
}

TEST(Batcher, GoesFromShortToLong) {
  const std::vector<PairLengths> lengths = {{9, 9}, {2, 2}, {5, 5}, {2, 2}, {9, 9}, {3, 2}};
  EXPECT_THAT(make_batches(lengths, 12),
              ElementsAre(ElementsAre(1, 3, 5), ElementsAre(2), ElementsAre(0), ElementsAre(4)));
}

TEST(Batcher, TakesOneAndNoPair) {
  EXPECT_THAT(make_batches({{1, 1}}, 2000), ElementsAre(ElementsAre(0)));
  EXPECT_TRUE(make_batches({}, 2000).empty());
  EXPECT_THROW(make_batches({{1, 1}}, 0), std::invalid_argument);
}

}  // namespace
}  // namespace weft

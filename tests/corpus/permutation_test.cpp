#include "data/permutation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <vector>

#include "data/random.h"

namespace weft {
namespace {

std::vector<int64_t> all_of(const RandomPermutation& permutation) {
  std::vector<int64_t> values;
  for (int64_t i = 0; i < permutation.size(); ++i) values.push_back(permutation[i]);
  return values;
}

/// The sum over all cells of (observed - expected)^2 / expected, for equally likely cells.
template <typename Counts>
double chi_square(const Counts& counts, double expected) {
  double sum = 0;
  for (const int64_t count : counts) {
    sum += (static_cast<double>(count) - expected) * (static_cast<double>(count) - expected);
  }
  return sum / expected;
}

TEST(RandomPermutation, HoldsEveryNumberOnce) {
  for (const int64_t size : {1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 99, 100, 101, 65'536, 100'003}) {
    auto values = all_of(RandomPermutation(size, seeded_generator({1, 2})));
    std::sort(values.begin(), values.end());
    for (int64_t i = 0; i < size; ++i) ASSERT_EQ(values[static_cast<std::size_t>(i)], i) << size;
  }
}

// Every pair is equally likely at every place: an epoch is no local shuffle. 39 x 39 degrees of
// freedom: mean 1521, standard deviation 55.
TEST(RandomPermutation, TakesEveryNumberToEveryPlace) {
  constexpr int64_t kSize = 40, kDraws = 40'000;
  std::vector<int64_t> counts(kSize * kSize);
  for (uint64_t seed = 0; seed < kDraws; ++seed) {
    const RandomPermutation permutation(kSize, seeded_generator({seed}));
    for (int64_t i = 0; i < kSize; ++i) {
      ++counts[static_cast<std::size_t>(i * kSize + permutation[i])];
    }
  }
  EXPECT_NEAR(chi_square(counts, static_cast<double>(kDraws) / kSize), 1521, 5 * 55);
}

// All 120 orders of five things are equally likely. 119 degrees of freedom: standard
// deviation 15.4.
TEST(RandomPermutation, DrawsEveryOrderOfAFew) {
  constexpr int64_t kDraws = 120'000;
  std::map<std::vector<int64_t>, int64_t> orders;
  for (uint64_t seed = 0; seed < kDraws; ++seed) {
    ++orders[all_of(RandomPermutation(5, seeded_generator({seed})))];
  }
  ASSERT_EQ(orders.size(), 120u);
  std::vector<int64_t> counts;
  for (const auto& [order, count] : orders) counts.push_back(count);
  EXPECT_NEAR(chi_square(counts, kDraws / 120.0), 119, 5 * 15.4);
}

// Neighbours in the text are no neighbours in the order: the steps from one pair to the next are
// spread as those of independent draws, whose mean length is a third of the size.
TEST(RandomPermutation, ScattersNeighbours) {
  constexpr int64_t kSize = 1'000'000;
  const RandomPermutation permutation(kSize, seeded_generator({7}));
  double sum = 0;
  for (int64_t i = 1; i < 100'000; ++i) {
    sum += std::abs(static_cast<double>(permutation[i] - permutation[i - 1]));
  }
  EXPECT_NEAR(sum / 100'000 / kSize, 1.0 / 3, 0.005);
}

TEST(RandomPermutation, TakesAnySize) {
  constexpr int64_t kHuge = int64_t{1} << 62;
  const RandomPermutation permutation(kHuge, seeded_generator({1}));
  EXPECT_NE(permutation[0], permutation[kHuge - 1]);
  EXPECT_THROW(permutation[kHuge], std::out_of_range);
  EXPECT_THROW(permutation[-1], std::out_of_range);
  EXPECT_THROW(RandomPermutation(0, seeded_generator({1})), std::invalid_argument);
}

}  // namespace
}  // namespace weft

#include "data/spec_augment.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "data/random.h"

namespace weft {
namespace {

constexpr float kMean = 5;

/// [frames, width], with no number at the mean of its column, which is kMean.
std::vector<float> far_from_means(int64_t frames, int64_t width) {
  std::vector<float> vectors;
  for (int64_t i = 0; i < frames; ++i)
    vectors.insert(vectors.end(), static_cast<std::size_t>(width), kMean + (i % 2 == 0 ? 1 : -1));
  return vectors;
}

/// Which numbers of an item were masked.
struct Masked {
  int64_t frames, width;
  std::vector<bool> is;

  bool at(int64_t frame, int64_t d) const {
    return is[static_cast<std::size_t>(frame * width + d)];
  }
  bool frame(int64_t i) const {
    bool all = true;
    for (int64_t d = 0; d < width; ++d) all = all && at(i, d);
    return all;
  }
  bool column(int64_t d) const {
    bool all = true;
    for (int64_t i = 0; i < frames; ++i) all = all && at(i, d);
    return all;
  }
};

/// `frames` is even, so that means are exact.
Masked masked(int64_t frames, int64_t width, int64_t parts, const SpecAugmentOptions& options,
              uint64_t seed) {
  const auto before = far_from_means(frames, width);
  auto vectors = before;
  auto generator = seeded_generator({seed});
  spec_augment(vectors.data(), frames, width, parts, options, generator);
  Masked masked{frames, width, {}};
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    masked.is.push_back(vectors[i] == kMean);
    EXPECT_TRUE(masked.is.back() || vectors[i] == before[i]);
  }
  return masked;
}

/// Lengths of the runs of true among `count` places.
template <class IsTrue>
std::vector<int64_t> runs(int64_t count, IsTrue is_true) {
  std::vector<int64_t> lengths;
  for (int64_t i = 0; i < count; ++i) {
    if (!is_true(i)) continue;
    if (i == 0 || !is_true(i - 1)) lengths.push_back(0);
    ++lengths.back();
  }
  return lengths;
}

/// Of one mask, which may have length 0.
int64_t length_of_one(const std::vector<int64_t>& lengths) {
  EXPECT_LE(lengths.size(), 1U);
  return std::accumulate(lengths.begin(), lengths.end(), int64_t{0});
}

constexpr int64_t kItems = 4000;

// Every width and every place is as likely as the others.
TEST(SpecAugment, MasksNeighbouringNumbersOfAllVectors) {
  std::map<int64_t, int> widths, begins_of_three;
  for (int64_t item = 0; item < kItems; ++item) {
    const auto result =
        masked(6, 8, 1, {.frequency_masks = 1, .frequency_width = 3}, static_cast<uint64_t>(item));
    const int64_t width = length_of_one(runs(8, [&](int64_t d) { return result.column(d); }));
    EXPECT_EQ(std::count(result.is.begin(), result.is.end(), true), 6 * width);
    ++widths[width];
    int64_t begin = 0;
    while (begin < 8 && !result.column(begin)) ++begin;
    if (width == 3) ++begins_of_three[begin];
  }
  ASSERT_EQ(widths.size(), 4U);
  for (const auto& [width, count] : widths) EXPECT_NEAR(count, kItems / 4, 120) << width;
  ASSERT_EQ(begins_of_three.size(), 6U);
  for (const auto& [begin, count] : begins_of_three) EXPECT_NEAR(count, widths[3] / 6, 60) << begin;
}

TEST(SpecAugment, MasksNeighbouringVectors) {
  std::map<int64_t, int> lengths;
  for (int64_t item = 0; item < kItems; ++item) {
    const auto result =
        masked(12, 3, 1, {.time_masks = 1, .time_width = 4}, static_cast<uint64_t>(item));
    const int64_t length = length_of_one(runs(12, [&](int64_t i) { return result.frame(i); }));
    EXPECT_EQ(std::count(result.is.begin(), result.is.end(), true), 3 * length);
    ++lengths[length];
  }
  ASSERT_EQ(lengths.size(), 5U);
  for (const auto& [length, count] : lengths) EXPECT_NEAR(count, kItems / 5, 110) << length;
}

/// The longest of the masks of many items.
int64_t longest_mask(int64_t frames, int64_t width, const SpecAugmentOptions& options) {
  int64_t longest = 0;
  for (uint64_t item = 0; item < 500; ++item) {
    const auto result = masked(frames, width, 1, options, item);
    longest =
        std::max(longest, length_of_one(runs(frames, [&](int64_t i) { return result.frame(i); })));
  }
  return longest;
}

TEST(SpecAugment, LeavesAPartOfEveryItem) {
  EXPECT_EQ(longest_mask(40, 2, {.time_masks = 1, .time_width = 100, .time_part = 0.2}), 8);
  EXPECT_EQ(longest_mask(40, 2, {.time_masks = 1, .time_width = 5, .time_part = 0.2}), 5);
  EXPECT_EQ(longest_mask(4, 2, {.time_masks = 1, .time_width = 5, .time_part = 0.2}), 0);
}

TEST(SpecAugment, MasksAllOfAnItemAtMost) {
  EXPECT_EQ(longest_mask(4, 2, {.time_masks = 1, .time_width = 100}), 4);
  EXPECT_EQ(longest_mask(4, 2, {.frequency_masks = 1, .frequency_width = 100}), 4);
}

TEST(SpecAugment, MasksSeveralTimes) {
  std::set<std::size_t> bands, times;
  for (uint64_t item = 0; item < 500; ++item) {
    const auto result = masked(
        30, 30, 1, {.frequency_masks = 2, .frequency_width = 2, .time_masks = 3, .time_width = 2},
        item);
    bands.insert(runs(30, [&](int64_t d) { return result.column(d); }).size());
    times.insert(runs(30, [&](int64_t i) { return result.frame(i); }).size());
  }
  EXPECT_EQ(bands, (std::set<std::size_t>{0, 1, 2}));
  EXPECT_EQ(times, (std::set<std::size_t>{0, 1, 2, 3}));
}

// What is hidden among the filters is not to be seen in their differences.
TEST(SpecAugment, MasksTheSameNumbersOfAllParts) {
  for (uint64_t item = 0; item < 100; ++item) {
    const auto result = masked(4, 15, 3, {.frequency_masks = 1, .frequency_width = 5}, item);
    for (int64_t d = 0; d < 5; ++d) {
      EXPECT_EQ(result.column(d), result.column(5 + d));
      EXPECT_EQ(result.column(d), result.column(10 + d));
    }
  }
}

/// What warping makes of vectors (i, -i): where in the item each was.
std::vector<float> places_after_warping(int64_t frames, int64_t most, uint64_t seed) {
  std::vector<float> vectors;
  for (int64_t i = 0; i < frames; ++i)
    vectors.insert(vectors.end(), {static_cast<float>(i), static_cast<float>(-i)});
  auto generator = seeded_generator({seed});
  spec_augment(vectors.data(), frames, 2, 1, {.time_warp = most}, generator);
  std::vector<float> places;
  for (int64_t i = 0; i < frames; ++i) {
    places.push_back(vectors[static_cast<std::size_t>(2 * i)]);
    EXPECT_EQ(vectors[static_cast<std::size_t>(2 * i + 1)], -places.back());
  }
  return places;
}

// Of 11 frames, one of 3 to 7 moves by up to 2: all before it are stretched alike, all behind it
// too, and the ends stay.
TEST(SpecAugment, WarpsTime) {
  std::set<std::pair<int64_t, int64_t>> moves;
  for (uint64_t item = 0; item < 500; ++item) {
    const auto places = places_after_warping(11, 2, item);
    ASSERT_EQ(places.front(), 0);
    ASSERT_EQ(places.back(), 10);
    // The move whose two lines these places are on.
    std::vector<std::pair<int64_t, int64_t>> found;
    for (int64_t from = 3; from <= 7; ++from) {
      for (int64_t to = from - 2; to <= from + 2; ++to) {
        float farthest = 0;
        for (int64_t i = 0; i <= 10; ++i) {
          const double line =
              i <= to ? static_cast<double>(i) * static_cast<double>(from) / static_cast<double>(to)
                      : static_cast<double>(from) + static_cast<double>(i - to) *
                                                        static_cast<double>(10 - from) /
                                                        static_cast<double>(10 - to);
          farthest = std::max(
              farthest, std::abs(places[static_cast<std::size_t>(i)] - static_cast<float>(line)));
        }
        if (farthest < 1e-4F) found.emplace_back(from, to);
      }
    }
    ASSERT_FALSE(found.empty());
    if (found.size() == 1) moves.insert(found.front());
  }
  EXPECT_EQ(moves.size(), 20U) << "five frames, of which each moves by -2, -1, 1 or 2, or stays";
}

TEST(SpecAugment, DoesNotWarpShortItems) {
  EXPECT_EQ(places_after_warping(6, 2, 1), (std::vector<float>{0, 1, 2, 3, 4, 5}));
  std::set<std::vector<float>> results;
  for (uint64_t item = 0; item < 50; ++item) results.insert(places_after_warping(7, 2, item));
  EXPECT_EQ(results.size(), 5U) << "the frame in the middle moves";
}

TEST(SpecAugment, FillsWithTheMeanOfEachNumber) {
  std::vector<float> vectors{0, 10, 2, 20, 4, 60};
  auto generator = seeded_generator({1});
  spec_augment(vectors.data(), 3, 2, 1, {.time_masks = 20, .time_width = 3}, generator);
  EXPECT_EQ(vectors, (std::vector<float>{2, 30, 2, 30, 2, 30}));
}

TEST(SpecAugment, DrawsTheSameFromTheSameGenerator) {
  const SpecAugmentOptions options{
      .time_warp = 3, .frequency_masks = 2, .frequency_width = 4, .time_masks = 2, .time_width = 5};
  const auto drawn = [&](uint64_t seed) {
    auto vectors = far_from_means(30, 9);
    auto generator = seeded_generator({seed});
    spec_augment(vectors.data(), 30, 9, 1, options, generator);
    return vectors;
  };
  EXPECT_EQ(drawn(1), drawn(1));
  EXPECT_NE(drawn(1), drawn(2));
}

TEST(SpecAugment, TakesAnItemOfNoVectors) {
  auto generator = seeded_generator({1});
  spec_augment(nullptr, 0, 4, 1, {.time_warp = 1, .frequency_masks = 1, .time_masks = 1},
               generator);
}

}  // namespace
}  // namespace weft

#include "data/spec_augment.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "data/random.h"

namespace weft {
namespace {

/// Uniform in [least, most].
int64_t draw_between(int64_t least, int64_t most, std::mt19937_64& generator) {
  return least +
         static_cast<int64_t>(draw_below(static_cast<uint64_t>(most - least + 1), generator));
}

/// Places [begin, end).
struct Mask {
  int64_t begin = 0, end = 0;
};

/// Of a length drawn from 0 to `widest`, within `count` places.
Mask draw_mask(int64_t count, int64_t widest, std::mt19937_64& generator) {
  const int64_t length = draw_between(0, std::min(widest, count), generator);
  const int64_t begin = draw_between(0, count - length, generator);
  return {begin, begin + length};
}

/// Frame `from` of [frames, width] moves to place `to`; neither is the first or the last.
void move_frame(float* vectors, int64_t frames, int64_t width, int64_t from, int64_t to) {
  const std::vector<float> original(vectors, vectors + frames * width);
  for (int64_t i = 1; i + 1 < frames; ++i) {
    const double place = i <= to ? static_cast<double>(i * from) / static_cast<double>(to)
                                 : static_cast<double>(frames - 1) -
                                       static_cast<double>((frames - 1 - i) * (frames - 1 - from)) /
                                           static_cast<double>(frames - 1 - to);
    const auto left = static_cast<int64_t>(place);
    const auto part = static_cast<float>(place - static_cast<double>(left));
    const float* before = original.data() + left * width;
    for (int64_t d = 0; d < width; ++d)
      vectors[i * width + d] =
          part == 0 ? before[d] : before[d] + part * (before[width + d] - before[d]);
  }
}

void warp_time(float* vectors, int64_t frames, int64_t width, int64_t most,
               std::mt19937_64& generator) {
  if (most == 0 || frames < 2 * most + 3) return;
  const int64_t from = draw_between(most + 1, frames - most - 2, generator);
  const int64_t to = from + draw_between(-most, most, generator);
  if (to != from) move_frame(vectors, frames, width, from, to);
}

std::vector<float> column_means(const float* vectors, int64_t frames, int64_t width) {
  std::vector<double> sums(static_cast<std::size_t>(width), 0);
  for (int64_t i = 0; i < frames; ++i)
    for (int64_t d = 0; d < width; ++d)
      sums[static_cast<std::size_t>(d)] += static_cast<double>(vectors[i * width + d]);
  std::vector<float> means;
  for (const double sum : sums)
    means.push_back(static_cast<float>(sum / static_cast<double>(frames)));
  return means;
}

}  // namespace

void spec_augment(float* vectors, int64_t frames, int64_t width, int64_t parts,
                  const SpecAugmentOptions& options, std::mt19937_64& generator) {
  if (frames == 0) return;
  warp_time(vectors, frames, width, options.time_warp, generator);
  const auto means = column_means(vectors, frames, width);
  const auto fill = [&](int64_t frame, int64_t begin, int64_t end) {
    std::copy(means.begin() + begin, means.begin() + end, vectors + frame * width + begin);
  };
  const int64_t bands = width / parts;
  for (int64_t k = 0; k < options.frequency_masks; ++k) {
    const Mask mask = draw_mask(bands, options.frequency_width, generator);
    for (int64_t i = 0; i < frames; ++i)
      for (int64_t first = 0; first < width; first += bands)
        fill(i, first + mask.begin, first + mask.end);
  }
  const auto longest = static_cast<int64_t>(options.time_part * static_cast<double>(frames));
  for (int64_t k = 0; k < options.time_masks; ++k) {
    const Mask mask = draw_mask(frames, std::min(options.time_width, longest), generator);
    for (int64_t i = mask.begin; i < mask.end; ++i) fill(i, 0, width);
  }
}

}  // namespace weft

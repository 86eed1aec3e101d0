#include "media/frame_columns.h"

#include <algorithm>
#include <cmath>

namespace weft {

void add_differences(float* vectors, int64_t frames, int64_t width, int64_t from, int64_t count) {
  const auto value = [&](int64_t t, int64_t k) {
    return vectors[std::clamp<int64_t>(t, 0, frames - 1) * width + from + k];
  };
  for (int64_t t = 0; t < frames; ++t) {
    for (int64_t k = 0; k < count; ++k) {
      vectors[t * width + from + count + k] =
          (value(t + 1, k) - value(t - 1, k) + 2 * (value(t + 2, k) - value(t - 2, k))) / 10;
    }
  }
}

void add_deltas(float* vectors, int64_t frames, int64_t width) {
  add_differences(vectors, frames, width, 0, width / 3);
  add_differences(vectors, frames, width, width / 3, width / 3);
}

void normalize_columns(float* vectors, int64_t frames, int64_t width) {
  constexpr double kLeastVariance = 1e-10;
  for (int64_t k = 0; k < width; ++k) {
    double sum = 0, squares = 0;
    for (int64_t t = 0; t < frames; ++t) sum += vectors[t * width + k];
    const double mean = sum / static_cast<double>(frames);
    for (int64_t t = 0; t < frames; ++t) squares += std::pow(vectors[t * width + k] - mean, 2);
    const double scale =
        1 / std::sqrt(std::max(squares / static_cast<double>(frames), kLeastVariance));
    for (int64_t t = 0; t < frames; ++t)
      vectors[t * width + k] = static_cast<float>((vectors[t * width + k] - mean) * scale);
  }
}

}  // namespace weft

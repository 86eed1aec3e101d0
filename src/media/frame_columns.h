#pragma once
// What is done to the vectors of an item together, before a model reads them.

#include <cstdint>

namespace weft {

/// `vectors` is [frames, width]. From what is in columns [from, from + count) of each vector to
/// [from + count, from + 2 count): its slope over two vectors to either side, of which the first
/// and the last are repeated.
///   d_t = sum_{n=1}^{2} n (x_{t+n} - x_{t-n}) / 10
void add_differences(float* vectors, int64_t frames, int64_t width, int64_t from, int64_t count);

/// First differences of the first third of each vector to the second, second ones to the last.
void add_deltas(float* vectors, int64_t frames, int64_t width);

/// Mean 0 and variance 1 for every column; a column that does not change becomes 0.
void normalize_columns(float* vectors, int64_t frames, int64_t width);

}  // namespace weft

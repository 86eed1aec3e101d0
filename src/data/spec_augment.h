#pragma once
// Sound, and other sequences of vectors, of which training does not see everything.

#include <cstdint>
#include <random>

#include "config/media_options.h"

namespace weft {

/// SpecAugment (Park et al. 2019, arXiv:1904.08779, section 2) of one item, `vectors` [frames,
/// width] row by row, which are changed in place:
///   time warping: of frames 0 ... F - 1 one, drawn from W + 1 ... F - W - 2, moves by a number
///     from -W ... W, the first and the last stay, and those between are interpolated; shorter
///     items than 2 W + 3 stay as they are;
///   frequency masks: w ~ U{0 ... frequency_width} neighbouring numbers of all vectors, at a place
///     drawn uniformly;
///   time masks: w ~ U{0 ... min(time_width, time_part * F)} neighbouring vectors, likewise.
/// What is masked becomes the mean of its number over the item's vectors, which is 0 where items
/// are normalised. `parts`: of so many equal parts is a vector, such as of mel filters and their
/// first and second differences, and all have the same frequency masks; `width` is a multiple.
void spec_augment(float* vectors, int64_t frames, int64_t width, int64_t parts,
                  const SpecAugmentOptions& options, std::mt19937_64& generator);

}  // namespace weft

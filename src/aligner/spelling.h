#pragma once
// Words that translate each other by how they are written.

#include <vector>

#include "aligner/bitext.h"
#include "aligner/pair_index.h"
#include "base/worker_pool.h"

namespace weft {

/// For each pair of words how alike they are, in [0, 1]: 1 if their keys are the same, or the
/// digits in them are. With `romanize` also names: if both are rare (at most 30 times in the text),
/// what ICU writes for them in Latin letters ("新华" as "xinhua") is compared by its pairs of
/// letters; Dice's coefficient above 0.45 counts, rescaled to begin at 0.
std::vector<float> spelling_likeness(const Bitext& bitext, const PairIndex& pairs, bool romanize,
                                     WorkerPool& pool);

/// The same for two words by their keys, without regard to how rare they are.
float spelling_likeness(const std::string& source, const std::string& target);

}  // namespace weft

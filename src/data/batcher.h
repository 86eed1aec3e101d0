#pragma once
// Which pairs go into which batch.

#include <cstdint>
#include <vector>

#include "data/pair_store.h"

namespace weft {

/// Indices of the pairs of one batch.
using PairIndices = std::vector<int64_t>;

/// Batches of pairs of similar lengths, so that there is little padding: the shortest first; pairs
/// of equal lengths in their order. In a batch, rows times tokens of the longest sentence (either
/// side, end of sentence included) are at most `batch_tokens`, but for a pair that is longer by
/// itself: that is a batch of its own. It has at most `batch_sentences` pairs, unless that is 0.
std::vector<PairIndices> make_batches(const std::vector<PairLengths>& lengths, int64_t batch_tokens,
                                      int64_t batch_sentences = 0);

}  // namespace weft

#pragma once
// Which pairs go into which batch.

#include <cstdint>
#include <vector>

namespace weft {

/// Tokens of a pair, without begin or end of sentence.
struct PairLengths {
  int64_t source = 0;
  int64_t target = 0;
};

/// Indices of the pairs of one batch.
using PairIndices = std::vector<int64_t>;

struct BatchingOptions {
  int64_t batch_tokens = 2000;  ///< limit of a batch: rows times tokens of its longest sentence,
                                ///< either side, end of sentence included
  uint64_t seed = 1;
};

/// The batches of one epoch, in the order they are trained on: a pure function of its arguments,
/// the same on every machine. Pairs of similar lengths share a batch, so there is little padding;
/// which of the pairs of equal lengths meet, and the order of the batches, is drawn anew for every
/// epoch. A pair longer than the limit is a batch of its own. Every epoch has equally many batches.
std::vector<PairIndices> make_batches(const std::vector<PairLengths>& lengths,
                                      const BatchingOptions& options, int64_t epoch);

}  // namespace weft

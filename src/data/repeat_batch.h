#pragma once
// Batches whose rows are read several times.

#include "data/batch.h"

namespace weft {

/// The rows of a batch, and the same rows again behind them, `times` times in all; counts of tokens
/// and the indices of pairs stay those of the batch.
Batch repeated(const Batch& batch, int64_t times);

/// Sentences by their rows, int64 [M], in any order and any number of times.
SourceBatch picked_rows(const SourceBatch& sources, const torch::Tensor& rows);

}  // namespace weft

#pragma once
// A batch that is read several times.

#include "data/batch.h"

namespace weft {

/// The rows of a batch, and the same rows again behind them, `times` times in all; counts of tokens
/// and the indices of pairs stay those of the batch.
Batch repeated(const Batch& batch, int64_t times);

}  // namespace weft

#pragma once
// The batches of one update after the other.

#include <optional>
#include <vector>

#include "data/batch_stream.h"
#include "data/prefetcher.h"

namespace weft {

/// The batches of one update, and where training goes on after them.
struct NextBatches {
  std::vector<Batch> batches;  ///< this process's
  std::vector<int64_t> pairs;  ///< in the batches of all processes
  int64_t target_tokens = 0;   ///< likewise
  DataPosition after;          ///< of the next update's first batch
  int64_t pairs_of_epoch = 0;  ///< trained on when these have been
};

/// Built ahead, in a thread of their own.
class UpdateBatches {
 public:
  /// `accumulate`: batches of an update, over all processes. Throws as BatchStream does.
  UpdateBatches(const ParallelCorpus& corpus, const BatchingOptions& options, int64_t accumulate,
                const DataPosition& position);
  NextBatches next();
  /// Goes to another position.
  void seek(const DataPosition& position);

 private:
  const ParallelCorpus& corpus_;
  BatchingOptions options_;
  int64_t accumulate_;
  std::optional<BatchStream> stream_;
  std::optional<Prefetcher<StreamedBatch>> prefetcher_;  // last: it reads the stream
};

}  // namespace weft

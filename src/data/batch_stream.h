#pragma once
// The training batches, epoch after epoch.

#include <cstdint>
#include <vector>

#include "data/batch.h"
#include "data/batcher.h"
#include "data/corpus.h"

namespace weft {

/// A place in the training data, both from 0; enough to go on exactly there.
struct DataPosition {
  int64_t epoch = 0;
  int64_t batch = 0;  ///< within the epoch
  bool operator==(const DataPosition&) const = default;
};

/// A batch, and where training goes on after it.
struct StreamedBatch {
  Batch batch;
  DataPosition after;       ///< the position of the next batch
  bool ends_epoch = false;  ///< it is the last of its epoch
};

/// Batches without end. The corpus must outlive the stream.
class BatchStream {
 public:
  /// Starts at `position`. Throws std::invalid_argument if the corpus is empty, std::out_of_range
  /// if the epoch has no such batch.
  BatchStream(const ParallelCorpus& corpus, const BatchingOptions& options,
              DataPosition position = {});

  StreamedBatch next();
  const DataPosition& position() const { return position_; }
  int64_t batches_per_epoch() const { return static_cast<int64_t>(batches_.size()); }

 private:
  void plan_epoch();

  const ParallelCorpus* corpus_;
  BatchingOptions options_;
  std::vector<PairLengths> lengths_;
  DataPosition position_;
  std::vector<PairIndices> batches_;  // of the epoch of position_
};

}  // namespace weft

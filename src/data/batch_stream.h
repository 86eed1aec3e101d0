#pragma once
// The training batches, epoch after epoch.

#include <cstdint>
#include <vector>

#include "data/batch.h"
#include "data/batcher.h"
#include "data/corpus.h"
#include "data/pair_order.h"

namespace weft {

struct BatchingOptions {
  int64_t batch_tokens = 2000;    ///< limit of a batch, as make_batches() takes it
  int64_t batch_sentences = 0;    ///< likewise
  int64_t curriculum_epochs = 0;  ///< first epochs in which the batches of a window are not
                                  ///< shuffled but go from short to long
  CorporaOptions corpora = {};    ///< how the corpora are mixed
  int threads = 1;                ///< that draw segmentations
  uint64_t seed = 1;
  int64_t window_pairs = 1 << 17;  ///< most pairs that are sorted by length together
  int64_t rank = 0;                ///< of this process among those that train together, from 0
  int64_t world = 1;               ///< how many they are
};

/// A place in the training data, all from 0; enough to go on exactly there.
struct DataPosition {
  int64_t epoch = 0;
  int64_t window = 0;  ///< within the epoch
  int64_t batch = 0;   ///< within the window
  bool starts_epoch() const { return window == 0 && batch == 0; }
  bool operator==(const DataPosition&) const = default;
};

/// A batch, and where training goes on after it.
struct StreamedBatch {
  Batch batch;
  std::vector<int64_t> pairs;  ///< of it and of other ranks' beside it: indices in the corpus
  DataPosition after;          ///< the position of the next batch
  int64_t target_tokens = 0;   ///< of it and of other ranks' beside it
  int64_t pairs_of_epoch = 0;  ///< trained on when this batch has been, and those of other ranks
  bool ends_epoch = false;     ///< it, or another rank's beside it, is the last of its epoch
};

/// Batches without end, a pure function of corpus, options and position, the same on every machine.
/// Of every `world` batches, the one of number `rank` is this process's; positions are those of all
/// processes together, and so the same in each.
/// An epoch takes the pairs in the order of PairOrder. Windows of that order
/// are sorted by length and cut into batches, and the batches of a window are shuffled. In memory
/// is what one window's plan takes, however large the corpus.
class BatchStream {
 public:
  /// Starts at `position`. The corpus must outlive the stream. Throws std::invalid_argument if the
  /// corpus is empty or there is no such rank, UserError as PairOrder does, std::out_of_range if
  /// there is no such position.
  BatchStream(const ParallelCorpus& corpus, const BatchingOptions& options,
              DataPosition position = {});

  StreamedBatch next();
  const DataPosition& position() const { return position_; }

 private:
  /// Goes to the next position; true if that is in another epoch.
  bool advance();
  /// Plans the window of position_.
  void plan_window();
  /// Pairs before window `window` in the order of an epoch.
  int64_t window_begin(int64_t window) const;

  /// Lengths of `pairs` in the epoch of position_.
  std::vector<PairLengths> lengths_of(const PairIndices& pairs) const;
  PairLengths length_of(int64_t pair) const;
  EpochDraw draw() const { return {options_.seed, position_.epoch}; }

  const ParallelCorpus* corpus_;
  BatchingOptions options_;
  PairOrder order_;
  int64_t windows_;  // in every epoch
  DataPosition position_;
  int64_t pairs_of_epoch_ = 0;        // before position_
  std::vector<PairIndices> batches_;  // of the window of position_
};

}  // namespace weft

#include "train/update_batches.h"

#include <utility>

namespace weft {

UpdateBatches::UpdateBatches(const ParallelCorpus& corpus, const BatchingOptions& options,
                             int64_t accumulate, const DataPosition& position)
    : corpus_(corpus), options_(options), accumulate_(accumulate) {
  seek(position);
}

void UpdateBatches::seek(const DataPosition& position) {
  prefetcher_.reset();
  stream_.emplace(corpus_, options_, position);
  prefetcher_.emplace([this] { return stream_->next(); });
}

NextBatches UpdateBatches::next() {
  NextBatches next;
  bool ends_epoch = false;
  for (int64_t i = 0; i < accumulate_; i += options_.world) {
    auto streamed = prefetcher_->next();
    ends_epoch |= streamed.ends_epoch;
    next.target_tokens += streamed.target_tokens;
    next.pairs.insert(next.pairs.end(), streamed.pairs.begin(), streamed.pairs.end());
    next.after = streamed.after;
    next.pairs_of_epoch = ends_epoch ? corpus_.size() : streamed.pairs_of_epoch;
    next.batches.push_back(std::move(streamed.batch));
  }
  return next;
}

}  // namespace weft

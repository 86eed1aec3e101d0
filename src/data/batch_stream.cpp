#include "data/batch_stream.h"

#include <stdexcept>

#include "data/make_batch.h"

namespace weft {

BatchStream::BatchStream(const ParallelCorpus& corpus, const BatchingOptions& options,
                         DataPosition position)
    : corpus_(&corpus), options_(options), position_(position) {
  if (corpus.size() == 0) throw std::invalid_argument("BatchStream: the corpus is empty");
  for (int64_t i = 0; i < corpus.size(); ++i) {
    lengths_.push_back({corpus.source_length(i), corpus.target_length(i)});
  }
  plan_epoch();
  if (position.batch < 0 || position.batch >= batches_per_epoch()) {
    throw std::out_of_range("BatchStream: no batch " + std::to_string(position.batch) + " of " +
                            std::to_string(batches_per_epoch()));
  }
}

void BatchStream::plan_epoch() { batches_ = make_batches(lengths_, options_, position_.epoch); }

StreamedBatch BatchStream::next() {
  StreamedBatch streamed;
  streamed.batch = make_batch(*corpus_, batches_[static_cast<std::size_t>(position_.batch)]);
  streamed.ends_epoch = ++position_.batch == batches_per_epoch();
  if (streamed.ends_epoch) {
    position_ = {position_.epoch + 1, 0};
    plan_epoch();
  }
  streamed.after = position_;
  return streamed;
}

}  // namespace weft

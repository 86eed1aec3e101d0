#include "data/batch_stream.h"

#include <algorithm>
#include <future>
#include <stdexcept>
#include <string>

#include "data/make_batch.h"
#include "data/random.h"

namespace weft {
namespace {

int64_t window_count(const ParallelCorpus& corpus, const BatchingOptions& options) {
  if (corpus.size() == 0) throw std::invalid_argument("BatchStream: the corpus is empty");
  if (options.rank < 0 || options.rank >= options.world)
    throw std::invalid_argument("BatchStream: no rank " + std::to_string(options.rank));
  if (options.window_pairs < 1) throw std::invalid_argument("BatchStream: windows of no pairs");
  return (corpus.size() + options.window_pairs - 1) / options.window_pairs;
}

}  // namespace

BatchStream::BatchStream(const ParallelCorpus& corpus, const BatchingOptions& options,
                         DataPosition position)
    : corpus_(&corpus),
      options_(options),
      order_(corpus.parts(), options.corpora, options.seed),
      windows_(window_count(corpus, options)),
      position_(position) {
  if (position.window < 0 || position.window >= windows_) {
    throw std::out_of_range("BatchStream: no window " + std::to_string(position.window));
  }
  plan_window();
  if (position.batch < 0 || position.batch >= static_cast<int64_t>(batches_.size())) {
    throw std::out_of_range("BatchStream: no batch " + std::to_string(position.batch));
  }
  pairs_of_epoch_ = window_begin(position.window);
  for (int64_t batch = 0; batch < position.batch; ++batch) {
    pairs_of_epoch_ += static_cast<int64_t>(batches_[static_cast<std::size_t>(batch)].size());
  }
}

int64_t BatchStream::window_begin(int64_t window) const {
  // All windows nearly equal: a last one of a few pairs would be mostly padding.
  return corpus_->size() / windows_ * window + corpus_->size() % windows_ * window / windows_;
}

PairLengths BatchStream::length_of(int64_t pair) const {
  if (!corpus_->draws()) return corpus_->lengths(pair);
  const auto drawn = corpus_->example(pair, draw()).pair;
  PairLengths lengths{0, static_cast<int64_t>(drawn.target.size())};
  for (const auto& source : drawn.sources)
    lengths.source = std::max<int64_t>(lengths.source, source.length());
  return lengths;
}

std::vector<PairLengths> BatchStream::lengths_of(const PairIndices& pairs) const {
  std::vector<PairLengths> lengths(pairs.size());
  const auto measure = [&](std::size_t first, std::size_t step) {
    for (std::size_t i = first; i < pairs.size(); i += step) lengths[i] = length_of(pairs[i]);
  };
  const std::size_t threads =
      corpus_->draws() ? static_cast<std::size_t>(std::max(options_.threads, 1)) : 1;
  std::vector<std::future<void>> others;
  for (std::size_t k = 1; k < threads; ++k)
    others.push_back(std::async(std::launch::async | std::launch::deferred, measure, k, threads));
  measure(0, threads);
  for (auto& other : others) other.get();
  return lengths;
}

void BatchStream::plan_window() {
  const auto epoch = static_cast<uint64_t>(position_.epoch);
  const auto window = static_cast<uint64_t>(position_.window);
  const auto pairs = order_.pairs(position_.epoch, window_begin(position_.window),
                                  window_begin(position_.window + 1));
  batches_ = make_batches(lengths_of(pairs), options_.batch_tokens, options_.batch_sentences);
  for (PairIndices& batch : batches_) {
    for (int64_t& index : batch) index = pairs[static_cast<std::size_t>(index)];
  }
  if (position_.epoch < options_.curriculum_epochs) return;
  std::mt19937_64 generator = seeded_generator({options_.seed, epoch, window});
  shuffle(batches_, generator);
}

bool BatchStream::advance() {
  pairs_of_epoch_ +=
      static_cast<int64_t>(batches_[static_cast<std::size_t>(position_.batch)].size());
  if (++position_.batch < static_cast<int64_t>(batches_.size())) return false;
  position_ = {position_.epoch, position_.window + 1, 0};
  const bool ends_epoch = position_.window == windows_;
  if (ends_epoch) {
    position_ = {position_.epoch + 1, 0, 0};
    pairs_of_epoch_ = 0;
  }
  plan_window();
  return ends_epoch;
}

StreamedBatch BatchStream::next() {
  StreamedBatch streamed;
  for (int64_t rank = 0; rank < options_.world; ++rank) {
    const auto& pairs = batches_[static_cast<std::size_t>(position_.batch)];
    if (rank == options_.rank) streamed.batch = make_batch(*corpus_, pairs, draw());
    streamed.pairs.insert(streamed.pairs.end(), pairs.begin(), pairs.end());
    for (const int64_t pair : pairs) streamed.target_tokens += length_of(pair).target + 1;
    streamed.ends_epoch |= advance();
  }
  streamed.pairs_of_epoch = streamed.ends_epoch ? corpus_->size() : pairs_of_epoch_;
  streamed.after = position_;
  return streamed;
}

}  // namespace weft

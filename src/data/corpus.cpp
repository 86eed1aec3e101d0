#include "data/corpus.h"

#include <chrono>
#include <utility>

#include "data/corpus_encoder.h"

namespace weft {

ParallelCorpus::ParallelCorpus(PairStore pairs) : pairs_(std::move(pairs)) {
  report_.lines = report_.pairs = size();
}

ParallelCorpus::ParallelCorpus(const ParallelFiles& files, const Vocabularies& vocabularies,
                               const CorpusOptions& options)
    : pairs_(options.directory) {
  const auto start = std::chrono::steady_clock::now();
  ParallelReader reader(files);
  report_ = encode_corpus(reader, vocabularies, options, pairs_);
  report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  source_places_ = reader.source_places();
}

}  // namespace weft

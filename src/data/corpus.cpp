#include "data/corpus.h"

#include <stdexcept>
#include <utility>

#include "base/stopwatch.h"
#include "data/corpus_encoder.h"

namespace weft {

ParallelCorpus::ParallelCorpus(PairStore pairs) : pairs_(std::move(pairs)) {
  report_.lines = report_.pairs = size();
}

ParallelCorpus::ParallelCorpus(const ParallelFiles& files, const Vocabularies& vocabularies,
                               const CorpusOptions& options)
    : pairs_(options.directory) {
  const Stopwatch watch;
  ParallelReader reader(files);
  report_ = encode_corpus(reader, vocabularies, options, pairs_);
  report_.seconds = watch.seconds();
  source_places_ = reader.source_places();
}

void ParallelCorpus::guide(GuidanceStore guidance, std::string mark) {
  if (guidance.size() != size()) throw std::invalid_argument("guide: not as many pairs");
  guidance_.emplace(std::move(guidance));
  guidance_mark_ = std::move(mark);
}

}  // namespace weft

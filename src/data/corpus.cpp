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
                               const CorpusOptions& options, const std::vector<LineItems>& items)
    : pairs_(options.directory) {
  const Stopwatch watch;
  ParallelReader reader(files);
  report_ = encode_corpus(reader, vocabularies, options, items, pairs_);
  for (const auto& of_source : items) items_.push_back(of_source.items);
  report_.seconds = watch.seconds();
  source_places_ = reader.source_places();
}

std::string ParallelCorpus::fingerprint() const {
  auto all = pairs_.fingerprint();
  for (const auto& items : items_)
    if (items) all += '-' + items->fingerprint();
  return guidance_mark_.empty() ? all : all + '-' + guidance_mark_;
}

void ParallelCorpus::guide(GuidanceStore guidance, std::string mark) {
  if (guidance.size() != size()) throw std::invalid_argument("guide: not as many pairs");
  guidance_.emplace(std::move(guidance));
  guidance_mark_ = std::move(mark);
}

}  // namespace weft

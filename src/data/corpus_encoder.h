#pragma once
// Text into stored ids, in several threads.

#include "data/corpus.h"

namespace weft {

/// Where pairs go; texts may be null.
struct CorpusStores {
  PairStore& pairs;
  TextStore* texts;
};

/// Encodes all that `reader` gives into `stores`, in its order, in `options.threads` threads (this
/// one among them). In memory is no more than a block of lines for each thread. Throws the first
/// exception of the reader, the vocabularies or the store.
CorpusReport encode_corpus(ParallelReader& reader, const Vocabularies& vocabularies,
                           const CorpusOptions& options, const std::vector<LineItems>& items,
                           const CorpusStores& stores);

}  // namespace weft

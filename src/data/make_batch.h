#pragma once
// Sentences of ids side by side in tensors.

#include <cstdint>
#include <span>
#include <vector>

#include "data/batch.h"
#include "data/corpus.h"

namespace weft {

/// Pads `pairs` at the end with kPadId. Sources get an end of sentence; target_input begins with a
/// begin of sentence and target_output ends with an end of sentence, so T is the longest target
/// + 1. `batch.pairs` is left empty. Throws std::invalid_argument if there is no pair.
Batch make_batch(const std::vector<TokenPair>& pairs);

/// The pairs of `corpus` with these indices.
Batch make_batch(const ParallelCorpus& corpus, const std::vector<int64_t>& indices);

/// A source whose ids stand elsewhere, without end of sentence.
struct SourceTokens {
  std::span<const int32_t> ids;
  std::span<const std::vector<int32_t>> factors;       ///< for each factor as many; one end each
  std::span<const std::vector<int32_t>> further = {};  ///< the other sources
};

/// The sources alone, as for translating. A source without tokens is its end of sentence alone. All
/// have as many factors, which get an end of sentence too, and as many further sources.
SourceBatch pad_sources(const std::vector<SourceTokens>& sources);
SourceBatch make_source_batch(const std::vector<std::vector<int32_t>>& sources);

}  // namespace weft

#pragma once
// Sentences of ids side by side in tensors.

#include <cstdint>
#include <vector>

#include "data/batch.h"
#include "data/corpus.h"
#include "data/item_source.h"

namespace weft {

/// Pads `pairs` at the end with kPadId. Sources get an end of sentence; target_input begins with a
/// begin of sentence and target_output ends with an end of sentence, so T is the longest target
/// + 1. `items` are those of sources that are not text. `batch.pairs` is left empty. Throws
/// std::invalid_argument if there is no pair. `draws`: as those of pad_sources().
Batch make_batch(std::vector<EncodedPair> pairs, const ItemSources& items = {},
                 const std::vector<ItemDraw>& draws = {});

/// The pairs of `corpus` with these indices, as they are in the epoch of `draw`.
Batch make_batch(const ParallelCorpus& corpus, const std::vector<int64_t>& indices,
                 const EpochDraw& draw = {});

/// The sources alone, as for translating: for each sentence as many. A source without tokens is its
/// end of sentence alone. Factors get an end of sentence too. `draws` has one for each sentence, or
/// none: items stay as they are.
SourceBatch pad_sources(const std::vector<std::vector<SourceTokens>>& sentences,
                        const ItemSources& items = {}, const std::vector<ItemDraw>& draws = {});

}  // namespace weft

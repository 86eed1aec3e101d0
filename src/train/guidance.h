#pragma once
// Where a training text's guidance comes from.

#include <optional>
#include <string>

#include "aligner/aligner_model.h"
#include "config/config.h"
#include "data/corpus.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// Finds out, by Weft's word aligner or from a file, which words of the training text translate
/// each other, and guides the corpus with that. Temporary files are in `directory`. Logs what it
/// did. Returns what the aligner has learnt, if it was asked.
std::optional<AlignerModel> guide(ParallelCorpus& corpus, const Config& config,
                                  const Vocabularies& vocabularies, const std::string& directory);

}  // namespace weft

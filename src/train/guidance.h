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
/// each other, or, from a file of gold regions, where in its items they are to be seen, and guides
/// the corpus with that. Throws UserError for what is wrong in the file. Temporary files are in
/// `directory`. Logs what it did. Returns what the aligner has learnt, if it was asked.
std::optional<AlignerModel> guide(ParallelCorpus& corpus, const Config& config,
                                  const Vocabularies& vocabularies, const std::string& directory);

}  // namespace weft

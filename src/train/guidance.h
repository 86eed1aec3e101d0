#pragma once
// Where a training text's guidance comes from.

#include <string>

#include "base/error.h"
#include "base/words.h"
#include "config/config.h"
#include "data/corpus.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// What links between words of factored lines count: what blanks separate; otherwise what
/// split_words() finds.
WordSplitting word_splitting(const Config& config);

/// Reads training.guided_alignment.links beside the training text, if there is such a file, and
/// adds what is wrong with it: its first mistake, or its number of lines. The text itself is in
/// order.
void check_links_file(const Config& config, Problems& problems);

/// Finds out, by Weft's word aligner or from a file, which words of the training text translate
/// each other, and guides the corpus with that. Temporary files are in `directory`. Logs what it
/// did.
void guide(ParallelCorpus& corpus, const Config& config, const Vocabularies& vocabularies,
           const std::string& directory);

}  // namespace weft

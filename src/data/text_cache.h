#pragma once
// Encoded text that is kept from run to run.

#include <vector>

#include "data/encoded_text.h"

namespace weft {

/// What encode_text() makes, from the folder `options.cache`, which is made if need be: encoded now
/// if it is not there, or is damaged, which is told. It is known again by all that it is made of:
/// each file's identity, size and times, the vocabularies, the options that count. Any number of
/// processes may use one folder at once: of those that need the same text one encodes, and the
/// others wait. A process that is killed leaves nothing that is taken for complete; the next one
/// removes it. An entry that is made takes the place of those that have not been used for the
/// longest time if there are more than `options.cache_megabytes`, but of none that a process uses.
/// Throws UserError as encode_text() does, and if the folder cannot be used.
EncodedText kept_text(const ParallelFiles& files, const Vocabularies& vocabularies,
                      const CorpusOptions& options, const std::vector<LineItems>& items);

}  // namespace weft

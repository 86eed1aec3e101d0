#pragma once
// A training text as stored ids, and what was found in it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/data_options.h"
#include "data/line_items.h"
#include "data/pair_store.h"
#include "data/parallel_files.h"
#include "data/text_store.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// What reading a corpus found.
struct CorpusReport {
  int64_t lines = 0;               ///< of each side
  int64_t pairs = 0;               ///< kept
  int64_t one_sided_blank = 0;     ///< left out: one side has no token, the other has
  Location first_one_sided_blank;  ///< the blank line; line 0: there is none
  int64_t both_blank = 0;          ///< left out: neither side has a token
  int64_t too_long = 0;            ///< left out: a side has more tokens than the limit
  int64_t too_short = 0;           ///< left out: a side has fewer than FilterOptions::min_length
  int64_t unequal = 0;             ///< left out by FilterOptions::max_ratio
  int64_t duplicates = 0;          ///< left out by FilterOptions::duplicates
  double seconds = 0;              ///< taken by reading and encoding
  std::string kept_in;             ///< folder of CorpusOptions::cache that has it; empty: none
  bool was_kept = false;           ///< it was there already
};

struct CorpusOptions {
  std::string directory;        ///< where the encoded pairs are kept, in temporary files
  int64_t max_length = 0;       ///< a pair with more tokens on a side is left out; 0: no limit
  int threads = 1;              ///< threads that encode, at least 1
  int64_t max_annotations = 0;  ///< as max_length, of items
  CorporaOptions corpora = {};
  FilterOptions filter = {};
  SubwordSamplingOptions sampling = {};
  SpecAugmentOptions spec_augment = {};
  std::string cache = {};       ///< folder in which encoded pairs are kept instead; empty: none
  int64_t cache_megabytes = 0;  ///< see DataOptions::text_cache_megabytes
};

/// All that encoding a text makes.
struct EncodedText {
  PairStore pairs;
  std::optional<TextStore> texts = {};  ///< if keeps_lines()
  LinePlaces source_places = {};        ///< where the first source's lines stand
  CorpusReport report = {};
};

/// Whether something is made of the lines in every epoch, which are then stored, too.
bool keeps_lines(const ParallelFiles& files, const CorpusOptions& options);

/// Reads and encodes all of `files` into stores at `place`, which takes no more memory for a longer
/// text, in `options.threads` threads (this one among them). Throws UserError as ParallelReader,
/// PairStore and, with the place, encode_source() do. `items` has what the lines of each source
/// name; empty: all sources are text.
EncodedText encode_text(const ParallelFiles& files, const Vocabularies& vocabularies,
                        const CorpusOptions& options, const std::vector<LineItems>& items,
                        const StorePlace& place);

}  // namespace weft

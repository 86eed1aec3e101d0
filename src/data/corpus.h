#pragma once
// Sentence pairs as token ids.

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "data/guidance_store.h"
#include "data/line_items.h"
#include "data/pair_order.h"
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
};

struct CorpusOptions {
  std::string directory;        ///< where the encoded pairs are kept, in temporary files
  int64_t max_length = 0;       ///< a pair with more tokens on a side is left out; 0: no limit
  int threads = 1;              ///< threads that encode, at least 1
  int64_t max_annotations = 0;  ///< as max_length, of items
  CorporaOptions corpora = {};
  FilterOptions filter = {};
  SubwordSamplingOptions sampling = {};
};

/// Which of a pair's random segmentations is meant.
struct EpochDraw {
  uint64_t seed = 1;
  int64_t epoch = 0;
};

/// A pair as it is trained on in an epoch.
struct PairExample {
  EncodedPair pair;
  PieceSpans pieces = {};           ///< of first source and target; of drawn segmentations alone
  std::vector<float> weights = {};  ///< token_weights() of the target; empty: 1 each
};

/// The pairs of a training text that can be learnt from.
class ParallelCorpus {
 public:
  /// Reads and encodes all of `files`, which takes no more memory for a longer text. Throws
  /// UserError as ParallelReader, PairStore and, with the place, encode_source() do.
  /// `items` has what the lines of each source name; empty: all sources are text.
  ParallelCorpus(const ParallelFiles& files, const Vocabularies& vocabularies,
                 const CorpusOptions& options, const std::vector<LineItems>& items = {});
  /// Pairs that are encoded already.
  explicit ParallelCorpus(PairStore pairs);

  /// As those of PairStore; index i is the i-th pair that was kept.
  int64_t size() const { return pairs_.size(); }
  PairLengths lengths(int64_t index) const { return pairs_.lengths(index); }
  EncodedPair operator[](int64_t index) const { return pairs_.pair(index); }
  /// Whether every epoch has segmentations of its own.
  bool draws() const { return options_.sampling.is_on(); }
  /// The pair as it is trained on; of a corpus that does not draw the same in every epoch.
  PairExample example(int64_t index, const EpochDraw& draw) const;
  /// The corpora that the text is made of, in their order.
  const std::vector<CorpusPart>& parts() const { return parts_; }
  /// The tag of the pair's corpus.
  const std::string& tag(int64_t index) const;
  /// Its line in the files, from 1.
  int64_t line(int64_t index) const { return pairs_.line(index); }
  /// To know the corpus again, with its items and the guidance if those are a part of it.
  std::string fingerprint() const;
  const ItemSources& items() const { return items_; }

  /// From now on batches have guidance: that of all pairs. `mark` becomes a part of fingerprint().
  void guide(GuidanceStore guidance, std::string mark);
  /// None if nobody guides.
  const std::optional<GuidanceStore>& guidance() const { return guidance_; }

  const CorpusReport& report() const { return report_; }
  /// Where the source of a pair stands in the files; not for pairs that were encoded already.
  Location source_location(int64_t index) const { return source_places_[line(index)]; }

 private:
  void find_parts(const ParallelFiles& files);

  PairStore pairs_;
  std::optional<TextStore> texts_;  // if something is made of it in every epoch
  CorpusOptions options_;
  bool has_weights_ = false;
  Vocabularies vocabularies_;
  std::vector<CorpusPart> parts_;
  ItemSources items_;
  CorpusReport report_;
  LinePlaces source_places_;
  std::optional<GuidanceStore> guidance_;
  std::string guidance_mark_;
};

}  // namespace weft

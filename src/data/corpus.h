#pragma once
// Sentence pairs as token ids.

#include <cstdint>
#include <optional>
#include <string>

#include "data/encoded_text.h"
#include "data/guidance_store.h"
#include "data/pair_order.h"

namespace weft {

/// Which of the things drawn at random for a pair are meant.
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
  /// What encode_text() makes of `files` in temporary files or, if there is a cache, kept_text().
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
  /// What is done to items in training, and the seed of what is drawn for those of a pair.
  const SpecAugmentOptions& spec_augment() const { return options_.spec_augment; }
  static uint64_t item_seed(int64_t index, const EpochDraw& draw);
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
  ParallelCorpus(EncodedText text, const CorpusOptions& options);
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

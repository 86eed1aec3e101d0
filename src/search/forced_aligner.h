#pragma once
// Alignment of sentence pairs that are given: forced decoding.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "align/alignment_matrix.h"
#include "base/span.h"
#include "config/training_options.h"
#include "search/alignment_options.h"
#include "text/vocabulary_factory.h"

namespace weft {

struct Config;
struct StoredModel;

/// A line with its words.
struct LineWithWords {
  std::string line;
  std::vector<Span> words;
};

struct AlignedPair {
  LineWithWords source;  ///< the line that is aligned, as the model read it: without factors
  AlignmentMatrix alignment;
  double log_prob = 0;  ///< log p(target | source), natural logarithm
};

struct ForcedAlignerOptions {
  AlignmentOptions alignment;
  DecodingOptions decoding;        ///< batch_sentences, batch_tokens (of both sides), precision,
                                   ///< alignment_shift, alignment_from: from the aligner alone
                                   ///< there are no matrices, and combined ones are the model's
  DeviceChoice device;             ///< for load_aligner()
  std::size_t source = 0;          ///< the source that is aligned, if there are several
  std::string name = "the model";  ///< what messages call the model
  std::optional<std::string> source_root = std::nullopt;  ///< for load_aligner(): place_items()
  bool copies_weights = false;                            ///< as in TranslatorOptions
};

/// Weights of the largest matrix, between tokens: 8,192 words of each side have as many. Aligning a
/// pair takes some 20 bytes for each.
inline constexpr int64_t kMostWeights = int64_t{1} << 26;

/// The model reads the target as if it had produced it; its attention, or what its alignment head
/// says then, is the alignment. One thread
/// at a time may use a ForcedAligner.
class ForcedAligner {
 public:
  /// Throws UserError for a model without what alignments are to be made from.
  ForcedAligner(StoredModel model, ForcedAlignerOptions options);
  ForcedAligner(ForcedAligner&&) noexcept;
  ~ForcedAligner();

  /// One answer per pair, in order. `sources` has the lines of each source that the model reads, as
  /// many of each. A pair with a blank side has an empty matrix. Source words that carry factors
  /// are what blanks separate, whatever words they are given with. Throws UserError, without a
  /// place, if they do not carry what they should (see first_mistake()), and if the model's weights
  /// are not numbers.
  std::vector<AlignedPair> align_sources(const std::vector<std::vector<LineWithWords>>& sources,
                                         const std::vector<LineWithWords>& targets);
  /// The same for a model of one source.
  std::vector<AlignedPair> align(const std::vector<LineWithWords>& sources,
                                 const std::vector<LineWithWords>& targets);

  /// The first pair whose matrix would have more than kMostWeights weights. `files`: the lines of
  /// each source, then of the target, as many of each.
  std::optional<LineMistake> first_too_large(
      const std::vector<std::vector<std::string>>& files) const;

  const Vocabularies& vocabularies() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// An aligner of a model directory, whose name messages get. Throws UserError as loading a model
/// and ForcedAligner() do, and if there is no such device. `options.decoding` is used as it is:
/// start from decoding_options().
ForcedAligner load_aligner(const std::string& directory, ForcedAlignerOptions options);
/// The same with the model's config, which has been read.
ForcedAligner load_aligner(const std::string& directory, const Config& config,
                           ForcedAlignerOptions options);

}  // namespace weft

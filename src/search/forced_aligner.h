#pragma once
// Alignment of sentence pairs that are given: forced decoding.

#include <string>
#include <vector>

#include "align/alignment_matrix.h"
#include "base/span.h"
#include "model/model_directory.h"
#include "search/alignment.h"

namespace weft {

/// A line with its words.
struct LineWithWords {
  std::string line;
  std::vector<Span> words;
};

struct AlignedPair {
  AlignmentMatrix alignment;
  double log_prob = 0;  ///< log p(target | source), natural logarithm
};

struct ForcedAlignerOptions {
  AlignmentOptions alignment;
  int64_t batch_sentences = 64;
};

/// The model reads the target as if it had produced it; its attention is the alignment.
class ForcedAligner {
 public:
  /// Throws UserError for a model without attention.
  ForcedAligner(StoredModel model, ForcedAlignerOptions options);
  /// One answer per pair, in order. A pair with a blank side has an empty matrix.
  std::vector<AlignedPair> align(const std::vector<LineWithWords>& sources,
                                 const std::vector<LineWithWords>& targets);

 private:
  struct Job;
  void align_batch(const std::vector<Job*>& batch);

  StoredModel model_;
  ForcedAlignerOptions options_;
};

}  // namespace weft

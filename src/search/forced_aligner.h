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
  LineWithWords source;  ///< that is aligned, as the model read it: without factors
  AlignmentMatrix alignment;
  double log_prob = 0;  ///< log p(target | source), natural logarithm
};

struct ForcedAlignerOptions {
  AlignmentOptions alignment;
  int64_t batch_sentences = 64;
  std::size_t source = 0;  ///< of several sources, the one that is aligned
};

/// The model reads the target as if it had produced it; its attention is the alignment.
class ForcedAligner {
 public:
  /// Throws UserError for a model without attention.
  ForcedAligner(StoredModel model, ForcedAlignerOptions options);
  /// One answer per pair, in order. A pair with a blank side has an empty matrix. Source words
  /// that carry factors are what blanks separate, whatever words they are given with. Throws
  /// UserError, without a place, if they do not carry what they should (see first_mistake()).
  /// `further` has as many lines of each source besides the first that the model reads.
  std::vector<AlignedPair> align(const std::vector<LineWithWords>& sources,
                                 const std::vector<LineWithWords>& targets,
                                 const std::vector<std::vector<LineWithWords>>& further = {});

 private:
  struct Job;
  void align_batch(const std::vector<Job*>& batch);

  StoredModel model_;
  ForcedAlignerOptions options_;
};

}  // namespace weft

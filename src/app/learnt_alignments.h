#pragma once
// Alignments of translations by a word aligner instead of the model's attention.

#include <string>

#include "align/alignment_matrix.h"
#include "aligner/pair_aligner.h"
#include "search/translator.h"

namespace weft {

/// Aligns lines with their translations as `weft aligner --save` has learnt it from a text of the
/// two languages. Not for several threads at once.
class LearntAlignments {
 public:
  /// Throws UserError if there is no aligner in the directory.
  explicit LearntAlignments(const std::string& directory);

  /// Gives every translation of the line a matrix over words. A weight says how strong a link is
  /// (link_strength()); rows do not sum to 1, and that of a word without a counterpart is near 0.
  void align(TranslatedLine& line);

 private:
  AlignmentMatrix matrix(const std::string& source, const std::string& target);

  PairAligner aligner_;
};

}  // namespace weft

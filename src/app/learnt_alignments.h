#pragma once
// Alignments by a word aligner, instead of the model's or together with them.

#include <optional>

#include "align/alignment_matrix.h"
#include "aligner/pair_aligner.h"
#include "app/alignment_choice.h"
#include "search/forced_aligner.h"
#include "search/translator.h"

namespace weft {

/// The words with blanks between, so that an aligner cuts them where they are here.
std::string spaced(const LineWithWords& line);

/// Aligns lines with their translations as an aligner has learnt it from a text of the two
/// languages. Not for several threads at once.
class LearntAlignments {
 public:
  /// Loads the aligner, if one takes part. Throws UserError if there is none in its directory.
  explicit LearntAlignments(const AlignmentChoice& choice);

  /// What is to be shown of a pair, given the model's matrix over the same words. By the aligner, a
  /// weight says how strong a link is (link_strength()): rows do not sum to 1, and that of a word
  /// without a counterpart is near 0. Combined, it is the geometric mean of both.
  AlignmentMatrix shown(AlignmentMatrix of_model, const LineWithWords& source,
                        const LineWithWords& target);
  /// Of every translation of a line.
  void show(TranslatedLine& line);

 private:
  AlignmentMatrix matrix(const LineWithWords& source, const LineWithWords& target);

  bool combines_;
  std::optional<PairAligner> aligner_;
};

}  // namespace weft

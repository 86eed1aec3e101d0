#pragma once
// What the alignments of a command are made from.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "config/training_options.h"
#include "search/alignment_options.h"
#include "text/source_factors.h"

namespace weft {

/// As the command line asks for it.
struct AskedAlignment {
  std::optional<AlignmentFrom> from;  ///< none: the aligner if there is one here, otherwise what
                                      ///< decoding.alignment_from of the model says
  std::string aligner;                ///< a directory of weft aligner --save; "": the model's own
  bool is_asked() const { return from.has_value() || !aligner.empty(); }
};

/// What is asked for, with what it needs.
struct AlignmentChoice {
  AlignmentFrom from = AlignmentFrom::kAttention;
  std::string aligner;  ///< a directory; "": no aligner takes part
  bool uses_aligner() const { return !aligner.empty(); }
  bool uses_model() const { return from != AlignmentFrom::kAligner; }
  /// The files of the aligner.
  std::vector<std::string> files() const;
};

/// `stored`: decoding.alignment_from of the model. Throws UserError if an aligner is needed and the
/// model has none, or if one is given that is not needed.
AlignmentChoice choose_alignment(const AskedAlignment& asked, const std::string& model,
                                 AlignmentFrom stored);

/// What of the alignments an aligner must be able to give.
struct AlignmentNeeds {
  AlignmentOptions options;
  std::size_t source = 0;       ///< of several, from 0
  bool has_plain_words = true;  ///< text, whose words carry no factors
};

bool has_plain_words(const SourceVocabulary& source);

/// Throws UserError if an aligner takes part that cannot.
void require_aligner_fits(const AlignmentChoice& choice, const AlignmentNeeds& needs);

}  // namespace weft

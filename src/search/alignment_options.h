#pragma once
// What of the attention an alignment shows.

namespace weft {

enum class AlignmentUnit { kWord, kPiece };
enum class EndOfSentence {
  kDrop,  ///< no row and no column for it; what is left of a row is scaled to sum to 1
  kKeep,
};

struct AlignmentOptions {
  AlignmentUnit unit = AlignmentUnit::kWord;
  EndOfSentence end_of_sentence = EndOfSentence::kDrop;
  int shift = 0;  ///< as shift_rows() (align/row_shift.h) takes it; Translator and ForcedAligner
                  ///< use decoding.alignment_shift
};

}  // namespace weft

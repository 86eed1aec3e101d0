#pragma once
// The block of text that Nematus and amun wrote and that alignment viewers (SoftAlignments) read.

#include <string>

#include "align/renderer.h"

namespace weft {

/// A header and one row of weights per target token, each line ended; an empty line comes between
/// two sentences:
///   id ||| target tokens ||| score ||| source tokens ||| columns rows
///   0.72 0.05 0.23
/// As in Nematus, an end of sentence is counted and has its weights, but stands in neither text.
/// The score is 0 where there is none. "|||" and blanks inside a token are escaped, because readers
/// split there: see field_token(). (Sockeye 1 wrote a further "|||" between the two counts, and one
/// row per source token.)
std::string render_matrix(const AlignmentMatrix& matrix, const AlignmentContext& context);

}  // namespace weft

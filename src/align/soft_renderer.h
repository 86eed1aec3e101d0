#pragma once
// Marian's soft alignment.

#include <string>

#include "align/alignment_matrix.h"

namespace weft {

/// One group of weights per target token, joined by blanks; the weights of a group joined by
/// commas, one per source token: "0.9,0.1 0.25,0.75". Marian's own groups include the end of
/// sentence on both sides; here they hold what `matrix` holds.
std::string render_soft(const AlignmentMatrix& matrix);

}  // namespace weft

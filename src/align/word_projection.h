#pragma once
// From the pieces a model reads and writes to the words a person sees.

#include <vector>

#include "align/alignment_matrix.h"

namespace weft {

/// The matrix over words, given the matrix over the pieces of the same two lines. The words of each
/// side stand in the order of the line, do not overlap, and hold no end of sentence; an
/// end-of-sentence piece is kept as the last column or row.
///
/// Pieces belong to words by the bytes they share.
/// - A piece is shared among the words it covers in proportion to the bytes it covers of each.
/// - A piece that covers no byte of any word (a lone "▁", all but the last of the byte pieces of a
///   character) belongs to the next word, or to the last one if none follows.
/// - Source: attention is mass. A word's column is the sum of its pieces' columns.
/// - Target: each piece looked for itself. A word's row is the mean of its pieces' rows, each
///   weighted by the part of the piece that lies in the word. A piece that covers no byte speaks
///   only for a word that no other piece covers.
/// - A source word without a piece was not seen: its column is 0. A target word without a piece was
///   produced by no step: its row is uniform, which claims nothing.
/// So rows keep their sums: 1 stays 1. Without any source word the result has rows and no weights.
/// Throws std::invalid_argument as check_matrix() does.
AlignmentMatrix project(const AlignmentMatrix& pieces,
                        const std::vector<AlignedToken>& source_words,
                        const std::vector<AlignedToken>& target_words);

}  // namespace weft

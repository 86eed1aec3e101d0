#pragma once
// Which source words a target word comes from, as a teacher believes, and what that says of pieces.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/span.h"

namespace weft {

/// Source word `source` and target word `target` translate each other with probability
/// strength / 255.
struct SoftLink {
  uint32_t source = 0;
  uint32_t target = 0;
  uint8_t strength = 255;
  bool operator==(const SoftLink&) const = default;
};

/// What a teacher says of a sentence pair. Words, or parts of them, in the order of the line. If
/// the source is no text, links are from the places of its annotations, and `source` is empty.
struct PairLinks {
  std::vector<Span> source, target;
  std::vector<SoftLink> links;
};

/// Where the pieces of both sides stand, without the end of sentence.
struct PieceSpans {
  std::vector<Span> source, target;
};

/// Targets of attention, added to `rows` [T + 1, columns], which are 0; columns >= S + 1. With m_ij
/// the links of source word i and target word j, and b(x, y) the bytes that x and y share:
///   G_ts = Σ_ij m_ij  b(t, j) / Σ_j' b(t, j')  b(s, i) / Σ_s' b(s', i),   row t = G_t / max(1, Σ_s
///   G_ts)
/// A row is thus the distribution g_t of Chen et al. 2016 (arXiv:1607.01628), section 3, times how
/// sure it is that the piece comes from a source word at all. Pieces that share no byte with a word
/// have rows and columns of 0. The end of sentence looks at the end of sentence.
void guide_attention(const PairLinks& links, const PieceSpans& pieces, int64_t columns,
                     float* rows);

/// The same for a source that is no text: the strength of a link from place c to target word j,
/// m_cj, is how much of that place belongs to the word, and
///   g_tc = Σ_j  b(t, j) / Σ_j' b(t, j')  m_cj / Σ_c' m_c'j
/// over the words j that have a link. A row is a distribution over places, or 0: of pieces without
/// such a word, and of the end of sentence.
void guide_to_places(const PairLinks& links, const std::vector<Span>& pieces, int64_t columns,
                     float* rows);

}  // namespace weft

#pragma once
// What an alignment says of how far a translation can be trusted.

#include <cstddef>
#include <vector>

#include "align/alignment_matrix.h"

namespace weft {

/// Of one sentence pair, from its matrix over words.
struct Confidence {
  /// Part of the source words that the translation looked at: a word counts as far as the weights
  /// of its column add up to 1. Wu et al. 2016 (GNMT, arXiv 1609.08144), section 7, have it as a
  /// penalty.
  double coverage = 1.0;
  /// Mean over target words of the entropy of their rows, divided by that of the uniform row: 0 if
  /// each looked at one word, 1 if each looked nowhere in particular. Rikters and Fishel 2017,
  /// Confidence through Attention (arXiv 1710.03743), have it without the division.
  double entropy = 0.0;
  /// Source words whose weights add up to less than kUnseen.
  std::vector<std::size_t> unaligned;
  /// Nothing says that the translation is of this source: see is_hallucination().
  bool hallucination = false;

  static constexpr double kUnseen = 0.2;
};

/// Whether a translation likely has little to do with its source: its rows are spread (entropy
/// above 0.7), or somewhat spread (above 0.6) while most of the source was not looked at (coverage
/// below 0.5). Lee et al. 2018, Hallucinations in Neural Machine Translation, and Raunak et al.
/// 2021 (2104.06683) describe such attention. Of fewer than three words on a side nothing is said.
bool is_hallucination(const AlignmentMatrix& matrix, double coverage, double entropy);

/// `matrix` has words and no end of sentence. A pair without source or target words has full
/// coverage.
Confidence confidence_of(const AlignmentMatrix& matrix);

}  // namespace weft

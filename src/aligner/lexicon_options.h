#pragma once
// What the aligner knows of words before it has counted them.

namespace weft {

/// Weights of the priors, in pseudo-counts.
struct LexiconOptions {
  double backoff = 10.0;  ///< kappa, of the distribution that words' parts give (UnitPairs)
  double spelling = 5.0;  ///< iota, of words that are written alike (spelling_likeness)
  double uniform = 2e-4;  ///< alpha, of every word of the other language
};

}  // namespace weft

#pragma once
// What the aligner knows of words before it has counted them.

#include <algorithm>
#include <cstddef>

namespace weft {

/// Weights of the priors, in pseudo-counts.
struct LexiconOptions {
  double backoff = 10.0;  ///< kappa, of the distribution that words' parts give (UnitPairs)
  double spelling = 5.0;  ///< iota, of words that are written alike (spelling_likeness)
  double uniform = 2e-4;  ///< alpha, of every word of the other language

  /// These for a text of so many sentence pairs: of a hundred pairs there is little to fall back
  /// on, and what there is must not outweigh what was seen.
  LexiconOptions for_text(std::size_t pairs) const {
    constexpr double kFewPairs = 100.0;
    auto options = *this;
    options.backoff *= static_cast<double>(pairs) / (static_cast<double>(pairs) + kFewPairs);
    return options;
  }
  /// alpha V of words that come from nothing: these are drawn from the language, which has more
  /// words than a short text shows.
  double nothing_mass(std::size_t types) const {
    constexpr std::size_t kWordsOfALanguage = 10'000;
    return uniform * static_cast<double>(std::max(types, kWordsOfALanguage));
  }
};

}  // namespace weft

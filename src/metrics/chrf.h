#pragma once
// chrF and chrF++ as sacreBLEU computes them.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace weft {

struct ChrfOptions {
  std::size_t character_order = 6;     ///< longest character n-gram, at least 1
  std::size_t word_order = 0;          ///< longest word n-gram; 0: chrF, 2: chrF++
  double beta = 2.0;                   ///< recall counts beta times as much as precision
  bool lowercase = false;              ///< ignore upper and lower case
  std::function<void()> on_line = {};  ///< called after every line of the corpus
};

/// Counts of one order; those of a corpus are the sum of its sentences'.
struct ChrfCounts {
  std::int64_t hypothesis = 0;  ///< n-grams; 0 where the reference has none of this order
  std::int64_t reference = 0;
  std::int64_t matches = 0;
};

struct ChrfScore {
  double score = 0.0;     ///< [0, 100]
  std::string name;       ///< "chrF2", "chrF2++"
  std::string signature;  ///< how it was computed, in sacreBLEU's form
};

/// Popovic 2015 (W15-3049), 2017 (W17-4770):
///   chrF_beta = (1 + beta^2) P R / (beta^2 P + R),
/// P and R the precision and recall of character n-grams (and word n-grams, for chrF++), the mean
/// over the orders that both sides have; whitespace is left out of character n-grams. Of several
/// references of a sentence the one with the best score counts. `references[r][i]` is the r-th
/// reference of hypothesis i. Throws std::invalid_argument if there is no hypothesis or no
/// reference, or if their numbers differ.
ChrfScore corpus_chrf(const std::vector<std::string>& hypotheses,
                      const std::vector<std::vector<std::string>>& references,
                      const ChrfOptions& options = {});

}  // namespace weft

#pragma once
// BLEU by the length of the source.

#include <cstddef>
#include <string>
#include <vector>

#include "metrics/bleu.h"
#include "plot/chart.h"

namespace weft {

/// One system's translations.
struct NamedHypotheses {
  std::string name;
  std::vector<std::string> lines;
};

/// Corpus BLEU of the lines whose source has up to `ends[0]` words, of those with up to `ends[1]`,
/// ... and of the longer ones, as figure 2 of Bahdanau, Cho, Bengio 2015 (arXiv:1409.0473) has it.
/// Words are split_words()'s. Categories without a line are left out; a category says how many it
/// has. `ends` rise. All texts have as many lines, at least one.
Figure length_curves(const std::vector<std::string>& source,
                     const std::vector<std::vector<std::string>>& references,
                     const std::vector<NamedHypotheses>& systems,
                     const std::vector<std::size_t>& ends, const BleuOptions& options);

}  // namespace weft

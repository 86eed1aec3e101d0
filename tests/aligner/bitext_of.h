#pragma once
// Parallel texts for tests.

#include <string_view>
#include <utility>
#include <vector>

#include "aligner/line_aligner.h"
#include "aligner/pair_index.h"

namespace weft {

/// Adds a pair of sentences, whose words spaces separate.
inline void add_sentences(Bitext& bitext, std::string_view source, std::string_view target) {
  constexpr AlignerCutting kSpaces{WordSplitting::kWhitespace, false};
  add_pair(bitext, source, aligner_line(source, kSpaces), target, aligner_line(target, kSpaces));
}

inline Bitext bitext_of(
    const std::vector<std::pair<std::string_view, std::string_view>>& sentences) {
  Bitext bitext;
  for (const auto& [source, target] : sentences) add_sentences(bitext, source, target);
  return bitext;
}

/// The number of the pair of these two words; both stand in the text.
inline std::size_t find_pair(const Bitext& bitext, const PairIndex& pairs, std::string_view source,
                             std::string_view target) {
  const auto e = bitext.source.types().find(source), f = bitext.target.types().find(target);
  std::size_t pair = pairs.row(e);
  while (pairs.target(pair) != f) ++pair;
  return pair;
}

}  // namespace weft

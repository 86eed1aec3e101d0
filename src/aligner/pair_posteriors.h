#pragma once
// What the aligner believes of one sentence pair, and the links that follow.

#include <cstddef>
#include <vector>

#include "align/links.h"

namespace weft {

/// Posteriors of both directions; a cell is [source * target_length + target].
struct PairPosteriors {
  std::size_t source_length = 0;
  std::size_t target_length = 0;
  std::vector<float> forward;           ///< [S, T], p: that a target word came from a source word
  std::vector<float> backward;          ///< [S, T], r: that a source word came from a target word
  std::vector<float> forward_nothing;   ///< [T], that a target word came from nothing
  std::vector<float> backward_nothing;  ///< [S]

  float p(std::size_t source, std::size_t target) const {
    return forward[source * target_length + target];
  }
  float r(std::size_t source, std::size_t target) const {
    return backward[source * target_length + target];
  }
};

/// How sure a link is, from both directions: ((sqrt(p) + sqrt(r)) / 2)^2, which lies between their
/// mean, under which one direction alone can carry a link, and their geometric mean, under which
/// neither can.
float link_strength(float p, float r);

/// Links of at least this strength are made: chosen on Chinese-English and German-English together
/// (recipes/word-alignment), where 0.25 to 0.35 come to the same within half a point.
constexpr float kLinkThreshold = 0.3f;

/// Links whose strength is at least `threshold`.
std::vector<Link> posterior_links(const PairPosteriors& pair, float threshold = kLinkThreshold);

/// For every target word the source word it most likely came from, unless that is none.
std::vector<Link> forward_links(const PairPosteriors& pair);
/// For every source word the target word it most likely came from, unless that is none.
std::vector<Link> backward_links(const PairPosteriors& pair);

}  // namespace weft

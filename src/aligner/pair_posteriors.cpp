#include "aligner/pair_posteriors.h"

#include <cmath>

namespace weft {

float link_strength(float p, float r) {
  const float root = (std::sqrt(p) + std::sqrt(r)) / 2.0f;
  return root * root;
}

std::vector<Link> posterior_links(const PairPosteriors& pair, float threshold) {
  std::vector<Link> links;
  for (std::size_t s = 0; s < pair.source_length; ++s)
    for (std::size_t t = 0; t < pair.target_length; ++t)
      if (link_strength(pair.p(s, t), pair.r(s, t)) >= threshold)
        links.push_back({static_cast<int>(s), static_cast<int>(t)});
  return links;
}

std::vector<Link> forward_links(const PairPosteriors& pair) {
  std::vector<Link> links;
  for (std::size_t t = 0; t < pair.target_length && pair.source_length > 0; ++t) {
    std::size_t best = 0;
    for (std::size_t s = 1; s < pair.source_length; ++s)
      if (pair.p(s, t) > pair.p(best, t)) best = s;
    if (pair.p(best, t) > pair.forward_nothing[t])
      links.push_back({static_cast<int>(best), static_cast<int>(t)});
  }
  return as_set(std::move(links));
}

std::vector<Link> backward_links(const PairPosteriors& pair) {
  std::vector<Link> links;
  for (std::size_t s = 0; s < pair.source_length && pair.target_length > 0; ++s) {
    std::size_t best = 0;
    for (std::size_t t = 1; t < pair.target_length; ++t)
      if (pair.r(s, t) > pair.r(s, best)) best = t;
    if (pair.r(s, best) > pair.backward_nothing[s])
      links.push_back({static_cast<int>(s), static_cast<int>(best)});
  }
  return links;
}

}  // namespace weft

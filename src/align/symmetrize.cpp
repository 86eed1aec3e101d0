#include "align/symmetrize.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <utility>

namespace weft {
namespace {

using Links = std::vector<Link>;

Links sure_set(Links links) {
  for (auto& link : links) link.sure = true;
  return as_set(std::move(links));
}

/// Links that grow.
class Growing {
 public:
  explicit Growing(const Links& seed) {
    for (const auto& link : seed) add(link);
  }

  bool has(const Link& link) const { return links_.contains(link); }
  bool links_source(int word) const { return sources_.contains(word); }
  bool links_target(int word) const { return targets_.contains(word); }
  void add(const Link& link) {
    links_.insert(link);
    sources_.insert(link.source);
    targets_.insert(link.target);
  }

  /// Adds neighbours of links out of `all`, as long as there are any that link a word without one.
  void grow(const Links& all) {
    const std::set<Link> candidates(all.begin(), all.end());
    constexpr std::pair<int, int> kNeighbours[] = {{-1, 0},  {0, -1}, {1, 0},  {0, 1},
                                                   {-1, -1}, {-1, 1}, {1, -1}, {1, 1}};
    for (bool grown = true; grown;) {
      grown = false;
      const Links now(links_.begin(), links_.end());
      for (const auto& link : now) {
        for (const auto& [source, target] : kNeighbours) {
          const Link neighbour{link.source + source, link.target + target};
          if (has(neighbour) || !candidates.contains(neighbour)) continue;
          if (links_source(neighbour.source) && links_target(neighbour.target)) continue;
          add(neighbour);
          grown = true;
        }
      }
    }
  }

  /// Adds links that link a word without one; two such words if `both`.
  void finish(const Links& links, bool both) {
    for (const auto& link : links) {
      const bool source = !links_source(link.source), target = !links_target(link.target);
      if (both ? source && target : source || target) add(link);
    }
  }

  Links links() const { return {links_.begin(), links_.end()}; }

 private:
  std::set<Link> links_;
  std::set<int> sources_, targets_;
};

}  // namespace

Links symmetrize(const Links& forward_links, const Links& backward_links, Symmetrization method) {
  const Links forward = sure_set(forward_links), backward = sure_set(backward_links);
  Links both, either;
  std::set_intersection(forward.begin(), forward.end(), backward.begin(), backward.end(),
                        std::back_inserter(both));
  std::set_union(forward.begin(), forward.end(), backward.begin(), backward.end(),
                 std::back_inserter(either));
  if (method == Symmetrization::kIntersection) return both;
  if (method == Symmetrization::kUnion) return either;
  Growing growing(both);
  growing.grow(either);
  if (method != Symmetrization::kGrowDiag) {
    const bool strict = method == Symmetrization::kGrowDiagFinalAnd;
    growing.finish(forward, strict);
    growing.finish(backward, strict);
  }
  return growing.links();
}

}  // namespace weft

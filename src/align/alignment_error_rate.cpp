#include "align/alignment_error_rate.h"

#include <map>
#include <utility>

namespace weft {
namespace {

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

LinkCounts& LinkCounts::operator+=(const LinkCounts& other) {
  hypothesis += other.hypothesis;
  sure += other.sure;
  matched_sure += other.matched_sure;
  matched_possible += other.matched_possible;
  return *this;
}

LinkCounts count_links(const std::vector<Link>& hypothesis, const std::vector<Link>& gold) {
  LinkCounts counts;
  std::map<std::pair<int, int>, bool> sure_of;
  for (const Link& link : as_set(gold)) {
    sure_of[{link.source, link.target}] = link.sure;
    if (link.sure) ++counts.sure;
  }
  std::vector<Link> pairs = hypothesis;
  for (Link& link : pairs) link.sure = true;
  for (const Link& link : as_set(std::move(pairs))) {
    ++counts.hypothesis;
    const auto found = sure_of.find({link.source, link.target});
    if (found == sure_of.end()) continue;
    ++counts.matched_possible;
    if (found->second) ++counts.matched_sure;
  }
  return counts;
}

double error_rate(const LinkCounts& counts) {
  return 1.0 -
         ratio(counts.matched_sure + counts.matched_possible, counts.hypothesis + counts.sure);
}

void AlignmentErrorRate::add(const std::vector<Link>& hypothesis, const std::vector<Link>& gold) {
  add(count_links(hypothesis, gold));
}

double AlignmentErrorRate::precision() const {
  return ratio(counts_.matched_possible, counts_.hypothesis);
}

double AlignmentErrorRate::recall() const { return ratio(counts_.matched_sure, counts_.sure); }

double AlignmentErrorRate::f1() const {
  const double sum = precision() + recall();
  return sum == 0 ? 0.0 : 2 * precision() * recall() / sum;
}

}  // namespace weft

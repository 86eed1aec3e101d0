#include "align/links.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace weft {

std::vector<Link> as_set(std::vector<Link> links) {
  // Sure before possible, so that the first of a pair is the one to keep.
  const auto order = [](const Link& a, const Link& b) {
    if (a.source != b.source) return a.source < b.source;
    if (a.target != b.target) return a.target < b.target;
    return a.sure && !b.sure;
  };
  const auto same_pair = [](const Link& a, const Link& b) {
    return a.source == b.source && a.target == b.target;
  };
  std::sort(links.begin(), links.end(), order);
  links.erase(std::unique(links.begin(), links.end(), same_pair), links.end());
  return links;
}

std::vector<Link> hard_links(const AlignmentMatrix& matrix) {
  check_matrix(matrix);
  std::vector<Link> links;
  if (matrix.columns() == 0) return links;
  const auto columns = static_cast<std::ptrdiff_t>(matrix.columns());
  for (std::size_t row = 0; row < matrix.rows(); ++row) {
    const auto begin = matrix.weights.begin() + static_cast<std::ptrdiff_t>(row) * columns;
    const auto greatest = std::max_element(begin, begin + columns);
    if (columns > 1 && *greatest == *std::min_element(begin, begin + columns)) continue;
    links.push_back({static_cast<int>(greatest - begin), static_cast<int>(row)});
  }
  return as_set(std::move(links));
}

std::vector<Link> threshold_links(const AlignmentMatrix& matrix, float threshold) {
  check_matrix(matrix);
  if (!(threshold >= 0 && threshold <= 1)) {
    throw std::invalid_argument("link threshold is " + std::to_string(threshold) +
                                "; expected a probability in [0, 1]");
  }
  std::vector<Link> links;
  for (std::size_t column = 0; column < matrix.columns(); ++column) {
    for (std::size_t row = 0; row < matrix.rows(); ++row) {
      if (matrix.at(row, column) <= threshold) continue;
      links.push_back({static_cast<int>(column), static_cast<int>(row)});
    }
  }
  return links;
}

std::vector<Link> reversed(const std::vector<Link>& links) {
  std::vector<Link> swapped;
  swapped.reserve(links.size());
  for (const Link& link : links) swapped.push_back({link.target, link.source, link.sure});
  return as_set(std::move(swapped));
}

}  // namespace weft

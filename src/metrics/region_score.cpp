#include "metrics/region_score.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace weft {
namespace {

bool contains(const std::vector<RegionBox>& boxes, double x, double y) {
  return std::any_of(boxes.begin(), boxes.end(), [&](const RegionBox& box) {
    return x >= box.left && x < box.right && y >= box.top && y < box.bottom;
  });
}

/// The area of `frame` that the boxes cover together: between each two neighbouring edges, across
/// and down, all is covered or nothing.
double covered_area(const RegionBox& frame, const std::vector<RegionBox>& boxes) {
  std::vector<double> across = {frame.left, frame.right}, down = {frame.top, frame.bottom};
  for (const auto& box : boxes) {
    for (const double x : {box.left, box.right})
      across.push_back(std::clamp(x, frame.left, frame.right));
    for (const double y : {box.top, box.bottom})
      down.push_back(std::clamp(y, frame.top, frame.bottom));
  }
  std::sort(across.begin(), across.end());
  std::sort(down.begin(), down.end());
  double area = 0;
  for (std::size_t i = 0; i + 1 < across.size(); ++i) {
    for (std::size_t j = 0; j + 1 < down.size(); ++j) {
      if (contains(boxes, (across[i] + across[i + 1]) / 2, (down[j] + down[j + 1]) / 2))
        area += (across[i + 1] - across[i]) * (down[j + 1] - down[j]);
    }
  }
  return area;
}

}  // namespace

RegionScore score_region(const AttentionGrid& attention, double width, double height,
                         const std::vector<RegionBox>& boxes) {
  const auto& weights = attention.weights;
  if (weights.size() != static_cast<std::size_t>(attention.rows * attention.columns))
    throw std::invalid_argument("score_region: weights are not as many as cells");
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!(sum > 0)) throw std::invalid_argument("score_region: no weights");
  const double cell_width = width / static_cast<double>(attention.columns);
  const double cell_height = height / static_cast<double>(attention.rows);
  RegionScore score;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto row = static_cast<double>(static_cast<int64_t>(i) / attention.columns);
    const auto column = static_cast<double>(static_cast<int64_t>(i) % attention.columns);
    const RegionBox cell{column * cell_width, row * cell_height, (column + 1) * cell_width,
                         (row + 1) * cell_height};
    if (weights[i] > 0)
      score.mass += weights[i] / sum * covered_area(cell, boxes) / (cell_width * cell_height);
  }
  const auto most = std::max_element(weights.begin(), weights.end()) - weights.begin();
  score.hit = contains(boxes, (static_cast<double>(most % attention.columns) + 0.5) * cell_width,
                       (static_cast<double>(most / attention.columns) + 0.5) * cell_height);
  score.uniform = covered_area({0, 0, width, height}, boxes) / (width * height);
  score.centre_hit = contains(boxes, width / 2, height / 2);
  return score;
}

void RegionTotals::add(const RegionScore& score) {
  ++count;
  hits += score.hit ? 1 : 0;
  centre_hits += score.centre_hit ? 1 : 0;
  mass += score.mass;
  uniform += score.uniform;
}

}  // namespace weft

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
double covered_area(const RegionBox& frame, const std::vector<RegionBox>& all) {
  std::vector<RegionBox> boxes;
  for (const auto& box : all) {
    if (box.left < frame.right && box.right > frame.left && box.top < frame.bottom &&
        box.bottom > frame.top)
      boxes.push_back(box);
  }
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

std::vector<double> covered_parts(const CellGrid& grid, const std::vector<RegionBox>& boxes) {
  const double width = grid.width / static_cast<double>(grid.columns);
  const double height = grid.height / static_cast<double>(grid.rows);
  std::vector<double> parts;
  for (int64_t i = 0; i < grid.rows; ++i) {
    for (int64_t j = 0; j < grid.columns; ++j) {
      const auto row = static_cast<double>(i), column = static_cast<double>(j);
      const RegionBox cell{column * width, row * height, (column + 1) * width, (row + 1) * height};
      parts.push_back(covered_area(cell, boxes) / (width * height));
    }
  }
  return parts;
}

RegionScore score_region(const AttentionGrid& attention, double width, double height,
                         const std::vector<RegionBox>& boxes) {
  const auto& weights = attention.weights;
  if (weights.size() != static_cast<std::size_t>(attention.rows * attention.columns))
    throw std::invalid_argument("score_region: weights are not as many as cells");
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!(sum > 0)) throw std::invalid_argument("score_region: no weights");
  const auto covered = covered_parts({attention.rows, attention.columns, width, height}, boxes);
  const double cell_width = width / static_cast<double>(attention.columns);
  const double cell_height = height / static_cast<double>(attention.rows);
  RegionScore score;
  for (std::size_t i = 0; i < weights.size(); ++i) score.mass += weights[i] / sum * covered[i];
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

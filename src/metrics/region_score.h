#pragma once
// Whether attention over a picture, or over time, is where it should be.

#include <cstdint>
#include <vector>

namespace weft {

/// A stretch of a picture, or, with height 1, of time.
struct RegionBox {
  double left = 0, top = 0, right = 0, bottom = 0;
};

/// Attention over a picture of any size, cut into equal cells, row by row.
struct AttentionGrid {
  int64_t rows = 0;
  int64_t columns = 0;
  std::vector<double> weights;  ///< [rows * columns], at least 0; they need not add up to 1
};

struct RegionScore {
  bool hit = false;         ///< the middle of the cell with the most weight is in a box
  double mass = 0;          ///< part of the weight that is inside the boxes, in [0, 1]
  double uniform = 0;       ///< the same for equal weights: the boxes' part of the area; also how
                            ///< often a random point hits
  bool centre_hit = false;  ///< the middle of the picture is in a box
};

/// A picture, or time, cut into equal cells.
struct CellGrid {
  int64_t rows = 0, columns = 0;
  double width = 0, height = 0;  ///< of the picture
};

/// The part of each cell, row by row, that the boxes cover together: [rows * columns], in [0, 1].
std::vector<double> covered_parts(const CellGrid& grid, const std::vector<RegionBox>& boxes);

/// Of `boxes` in a picture of `width` x `height`; what is in several counts once, and what is
/// beyond the picture does not. A cell's weight lies evenly in it. The pointing game: Zhang, Lin,
/// Brandt, Shen, Sclaroff 2016 (arXiv:1608.00507); mass: "attention correctness", Liu, Mao, Sha,
/// Yuille 2017 (arXiv:1605.09553). Throws std::invalid_argument if the weights are not as many as
/// the cells, or are all 0.
RegionScore score_region(const AttentionGrid& attention, double width, double height,
                         const std::vector<RegionBox>& boxes);

/// Sums of scores.
struct RegionTotals {
  int64_t count = 0;
  int64_t hits = 0;
  int64_t centre_hits = 0;
  double mass = 0;
  double uniform = 0;

  void add(const RegionScore& score);
};

}  // namespace weft

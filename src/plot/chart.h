#pragma once
// Curves of several runs, whatever they are drawn as.

#include <cstddef>
#include <string>
#include <vector>

namespace weft {

struct CurvePoint {
  double x = 0;
  double y = 0;           ///< not finite: the curve has a gap here
  std::string note = {};  ///< what is told of the point where there is room
};

/// One quantity of one run.
struct Curve {
  std::size_t run = 0;  ///< number of the run in Figure::runs, which gives it its colour
  std::string kind;     ///< "training", "validation"; "": the figure has but one
  bool has_marks =
      false;  ///< a mark at every point, dashes between: few points, measured now and then
  std::vector<CurvePoint> points;
};

/// A quantity, of every run that has it.
struct Chart {
  std::string title;
  std::string x_title;
  std::vector<std::string> categories = {};  ///< what x = 0, 1, ... are called; none: x is a number
  std::vector<Curve> curves;
};

struct Figure {
  std::vector<std::string> runs;  ///< their names
  std::vector<Chart> charts;      ///< each with at least one finite point
};

/// Runs beyond these could not be told apart.
inline constexpr std::size_t kMostRuns = 40;

}  // namespace weft

#pragma once
// Charts as SVG.

#include <string>

#include "plot/chart.h"

namespace weft {

/// A file of its own: the charts two beside each other, above them which colour and mark is which
/// run. It follows the reader's choice of light or dark; colours have a contrast of over 4.5:1 with
/// the paper in both, and marks differ in shape as well. A mark tells its value where the pointer
/// rests. Throws std::invalid_argument if there is no chart, or more than kMostRuns runs.
std::string figure_svg(const Figure& figure);

}  // namespace weft

#pragma once
// Charts as pictures for a terminal.

#include <cstddef>
#include <string>

#include "plot/chart.h"

namespace weft {

struct ChartTextOptions {
  std::size_t width = 80;  ///< columns of the terminal
  bool colour = false;     ///< a colour for each run
};

/// The charts one below the other, each with the characters that its curves are drawn with: of
/// training a letter for each run, of validation its capital. Where curves cross, the last one is
/// seen.
std::string figure_text(const Figure& figure, const ChartTextOptions& options);

}  // namespace weft

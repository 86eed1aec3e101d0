#pragma once
// What lines demand of their translations, as far as it can be had.

#include <cstddef>
#include <string>
#include <vector>

#include "app/parallel_lines.h"
#include "search/line_constraints.h"
#include "search/translator.h"

namespace weft {

/// Of the lines of a window; each list is empty, or has one for each line.
struct LineDemands {
  std::vector<std::string> prefixes;
  std::vector<LineConstraints> constraints;
};

/// Lines whose demands could not be had.
struct DroppedDemands {
  std::size_t prefixes = 0, constraints = 0, numbers = 0;
};

/// Numbers of two digits or more, as they stand in the line, each once: years, times ("10:30") and
/// the like, but none with a comma or a point between digits, which other languages write
/// differently.
std::vector<std::string> copied_numbers(const std::string& line);

/// Leaves out what cannot be heeded, says so and counts it; `lines_before`: those of earlier
/// windows. `copies_numbers`: copied_numbers() of the first source are required, too, where they
/// can be.
void keep_possible(LineDemands& demands, const LineWindow& window, bool copies_numbers,
                   std::size_t lines_before, Translator& translator, DroppedDemands& dropped);

}  // namespace weft

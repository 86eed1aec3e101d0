#pragma once
// What lines demand of their translations, as far as it can be had.

#include <cstddef>
#include <functional>
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

/// Leaves out what cannot be heeded, says so and counts it; `line_of`: the number of a line of the
/// window in its file, from 1. `copies_numbers`: copied_numbers() of the first source are required,
/// too, where they can be.
void keep_possible(LineDemands& demands, const LineWindow& window, bool copies_numbers,
                   const std::function<std::size_t(std::size_t)>& line_of, Translator& translator,
                   DroppedDemands& dropped);

}  // namespace weft

#pragma once
// Constraints of lines that are translated in parts.

#include <string>
#include <vector>

#include "app/split_lines.h"
#include "search/line_constraints.h"
#include "search/translator.h"

namespace weft {

/// The constraints of the parts, from those of the lines. What is to be avoided is so in every
/// part; each required phrase goes to the part whose translation loses the least probability by it,
/// as the translator finds by trying. `parts`: the sources, of which the first is split.
std::vector<LineConstraints> constraints_of_parts(const std::vector<LineConstraints>& of_lines,
                                                  const SplitLines& split,
                                                  const std::vector<std::string>& parts,
                                                  Translator& translator);

}  // namespace weft

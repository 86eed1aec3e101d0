#pragma once
// Constraints that stand beside the text they are for.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.h"
#include "search/line_constraints.h"
#include "text/source_factors.h"

namespace weft {

enum class ConstraintFormat {
  kNone,  ///< lines are text
  kTabs,  ///< the text, and after a tab each a phrase that its translation must hold
  kJson,  ///< {"text": TEXT, "constraints": [PHRASE, ...], "avoid": [PHRASE, ...]}, as in Sockeye
};

constexpr auto enum_names(ConstraintFormat) {
  return std::array{EnumName{ConstraintFormat::kNone, "none"},
                    EnumName{ConstraintFormat::kTabs, "tabs"},
                    EnumName{ConstraintFormat::kJson, "json"}};
}

struct ConstrainedLines {
  std::vector<LineConstraints> lines;  ///< empty with kNone
  std::optional<LineMistake> mistake;  ///< the first line that has not the form; `lines` ends there
};

/// Takes the constraints out of the lines and leaves their texts.
ConstrainedLines take_constraints(ConstraintFormat format, std::vector<std::string>& lines);

/// The words of a text with single blanks between.
std::string with_single_blanks(std::string_view text);

}  // namespace weft

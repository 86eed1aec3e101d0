#pragma once
// What a line's translation must hold and must not.

#include <string>
#include <vector>

namespace weft {

/// Words, or several with single blanks between.
struct LineConstraints {
  std::vector<std::string> required;  ///< stand in the translation, in any order
  std::vector<std::string> avoided;   ///< do not, as TranslatorOptions::suppressed

  bool empty() const { return required.empty() && avoided.empty(); }
};

}  // namespace weft

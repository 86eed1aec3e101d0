#pragma once
// What a line's translation must hold and must not.

#include <optional>
#include <string>
#include <vector>

namespace weft {

/// Words, or several with single blanks between.
struct LineConstraints {
  std::vector<std::string> required;  ///< stand in the translation, in any order
  std::vector<std::string> avoided;   ///< do not, as TranslatorOptions::suppressed

  /// Expected target tokens for a source token, in the place of DecodingOptions::length_ratio.
  std::optional<double> length_ratio = std::nullopt;

  bool empty() const { return required.empty() && avoided.empty() && !length_ratio; }
};

}  // namespace weft

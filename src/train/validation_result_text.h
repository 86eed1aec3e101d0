#pragma once
// The numbers of a validation, for processes that have not made it.

#include <optional>
#include <string>

#include "train/validator.h"

namespace weft {

/// All but the translations; nothing: the validation was given up.
std::string result_text(const std::optional<ValidationResult>& result);
/// The same again.
std::optional<ValidationResult> result_from(const std::string& text);

}  // namespace weft

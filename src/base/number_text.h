#pragma once
// Numbers as text, whatever the locale.

#include <cstdint>
#include <string>

namespace weft {

/// Returns false, and leaves `value` alone, unless the whole text is a decimal integer within
/// int64, or a finite decimal number. Text is taken as it is.
bool parse_number(const std::string& text, int64_t& value);
bool parse_number(const std::string& text, double& value);

/// The fewest digits that read back to the same number: "1", "0.0001".
std::string shortest_number(double value);

}  // namespace weft

#pragma once
// Text form of a Period: a whole number, an optional k, K or M, and a unit: 10e, 5000u, 1Mt.

#include <string>

#include "config/training_options.h"

namespace weft {

/// What a period looks like, for error messages and help.
inline constexpr const char* kPeriodForm =
    "a period such as 10e (epochs), 5000u (updates) or 1Mt (target tokens)";

/// Reads "10e", "5000u", "100ku", "1Mt", or a bare "0" (never). Returns false, and leaves `period`
/// alone, on anything else, on a negative number and on one beyond int64.
bool parse_period(const std::string& text, Period& period);

/// The form parse_period reads back to the same period.
std::string format_period(const Period& period);

}  // namespace weft

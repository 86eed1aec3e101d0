#pragma once
// Every setting is measured in a process of its own: peak memory only ever grows, and a start-up
// happens once.

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace weft {

/// The option that makes `weft bench ...` the process that measures: when it was started, as
/// nanoseconds of the steady clock, which all processes of a machine share.
inline constexpr const char* kMeasuredFrom = "--measured-from";

/// Runs this program again with `arguments` and kMeasuredFrom, and returns what it has measured.
/// Throws UserError if the person's mistake is what it found.
nlohmann::json measure_in_own_process(std::vector<std::string> arguments);

/// In that process: measures, and tells the other. Ends when the other does.
void answer_with(const std::function<nlohmann::json()>& measure);

/// Seconds from `nanoseconds`, the value of kMeasuredFrom, to `end`.
double seconds_between(int64_t nanoseconds, std::chrono::steady_clock::time_point end);

}  // namespace weft

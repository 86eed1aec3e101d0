#pragma once
// What this process has used, and what it runs on.

#include <string>

namespace weft {

/// The most memory the process has held at once, in megabytes (10^6 bytes).
double peak_memory_megabytes();

/// As the processor calls itself; "unknown".
std::string processor_name();

}  // namespace weft

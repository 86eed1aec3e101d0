#pragma once
// What this process has used.

namespace weft {

/// The most memory the process has held at once, in megabytes (10^6 bytes).
double peak_memory_megabytes();

}  // namespace weft

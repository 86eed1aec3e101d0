#pragma once
// What the machine has for a training run.

#include <cstdint>
#include <string>

namespace weft {

struct Machine {
  int cores = 1;             ///< that this process may use
  int64_t memory_bytes = 0;  ///< of the machine, or of the process's control group if that has less
  std::string processor;     ///< as it calls itself; "unknown"
};

Machine this_machine();

}  // namespace weft

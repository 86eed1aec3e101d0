#include "init/machine.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "base/resources.h"

namespace weft {
namespace {

/// What a container may use; `most` if there is no limit.
int64_t control_group_memory(int64_t most) {
  int64_t limit = most;
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream file(path);
    if (int64_t bytes = 0; file >> bytes && bytes > 0) limit = std::min(limit, bytes);
  }
  return limit;
}

}  // namespace

Machine this_machine() {
  const int64_t memory = int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE);
  return {static_cast<int>(std::max(1U, std::thread::hardware_concurrency())),
          control_group_memory(memory), processor_name()};
}

}  // namespace weft

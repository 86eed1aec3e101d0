#include "base/resources.h"

#include <sys/resource.h>

namespace weft {

double peak_memory_megabytes() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;  // Linux counts kibibytes
}

}  // namespace weft

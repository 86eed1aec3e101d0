#include "kernels/memory.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace weft::kernels {

void keep_freed_memory() {
#if defined(__GLIBC__)
  constexpr int kMegabyte = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 32 * kMegabyte);  // the most glibc accepts
  mallopt(M_TRIM_THRESHOLD, 1024 * kMegabyte);
  mallopt(M_TOP_PAD, 64 * kMegabyte);
#endif
}

}  // namespace weft::kernels

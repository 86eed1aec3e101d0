#include "kernels/machine.h"

#include <algorithm>
#include <thread>

#include "kernels/memory.h"
#include "kernels/parallel.h"

namespace weft {

void use_machine(int threads) {
  const auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  kernels::use_threads(threads > 0 ? threads : cores);
  kernels::keep_freed_memory();
}

}  // namespace weft

#include "resources.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <thread>

#include "kernels/memory.h"

namespace weft {

void use_machine(int threads) {
  const auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  at::set_num_threads(threads > 0 ? threads : cores);
  kernels::keep_freed_memory();
}

}  // namespace weft

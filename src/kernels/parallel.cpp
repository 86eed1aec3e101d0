#include "kernels/parallel.h"

#include <omp.h>

#include <algorithm>
#include <exception>
#include <mutex>

namespace weft::kernels {

void parallel_tasks(int64_t count, const std::function<void(int64_t)>& task) {
  if (count <= 0) return;
  if (omp_in_parallel() != 0) {
    for (int64_t i = 0; i < count; ++i) task(i);
    return;
  }
  const int threads = static_cast<int>(std::min<int64_t>(count, omp_get_max_threads()));
  std::exception_ptr error;
  std::mutex error_mutex;
#pragma omp parallel num_threads(threads)
  {
    omp_set_num_threads(1);  // holds for this region alone: products inside a task do not fork
#pragma omp for schedule(dynamic, 1)
    for (int64_t i = 0; i < count; ++i) {
      try {
        task(i);
      } catch (...) {
        const std::lock_guard lock(error_mutex);
        if (!error) error = std::current_exception();
      }
    }
  }
  if (error) std::rethrow_exception(error);
}

RowRange part_of(int64_t rows, int64_t parts, int64_t index) {
  return {rows * index / parts, rows * (index + 1) / parts};
}

}  // namespace weft::kernels

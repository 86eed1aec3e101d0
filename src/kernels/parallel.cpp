#include "kernels/parallel.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>

// GCC's OpenMP library, whose threads LibTorch uses, called by name: a compiler's own OpenMP would
// bring its own library and a second pool of threads. What `#pragma omp parallel
// num_threads(threads)` becomes under GCC is the first function.
extern "C" {
void GOMP_parallel(void (*region)(void*), void* data, unsigned threads, unsigned flags);
int omp_in_parallel();
int omp_get_max_threads();
void omp_set_num_threads(int threads);
}

namespace weft::kernels {
namespace {

/// Tasks that the threads of a region take one after another.
struct TaskQueue {
  int64_t count;
  const std::function<void(int64_t)>& task;
  std::atomic<int64_t> next = 0;
  std::exception_ptr error = nullptr;
  std::mutex error_mutex = {};

  static void work(void* queue) { static_cast<TaskQueue*>(queue)->run(); }

  void run() {
    omp_set_num_threads(1);  // holds for this region alone: products inside a task do not fork
    for (int64_t i = next++; i < count; i = next++) {
      try {
        task(i);
      } catch (...) {
        const std::lock_guard lock(error_mutex);
        if (!error) error = std::current_exception();
      }
    }
  }
};

}  // namespace

void parallel_tasks(int64_t count, const std::function<void(int64_t)>& task) {
  if (count <= 0) return;
  if (omp_in_parallel() != 0) {
    for (int64_t i = 0; i < count; ++i) task(i);
    return;
  }
  TaskQueue queue{count, task};
  GOMP_parallel(&TaskQueue::work, &queue,
                static_cast<unsigned>(std::min<int64_t>(count, omp_get_max_threads())), 0);
  if (queue.error) std::rethrow_exception(queue.error);
}

void use_threads(int threads) {
  at::get_num_threads();  // LibTorch sets the number when a thread first asks: not after us
  omp_set_num_threads(threads);
}

void compute_alone() { use_threads(1); }

OneThreadGuard::OneThreadGuard() : threads_(omp_get_max_threads()) { omp_set_num_threads(1); }
OneThreadGuard::~OneThreadGuard() { omp_set_num_threads(threads_); }

RowRange part_of(int64_t rows, int64_t parts, int64_t index) {
  return {rows * index / parts, rows * (index + 1) / parts};
}

RowBlocks::RowBlocks(int64_t rows) : rows_(rows) {
  constexpr int64_t kMostRows = 32;
  constexpr int64_t kStep = 4;
  const int64_t blocks = std::max<int64_t>(1, (rows + kMostRows - 1) / kMostRows);
  const int64_t least = (rows + blocks - 1) / blocks;
  size_ = std::max<int64_t>(1, (least + kStep - 1) / kStep * kStep);
}

RowRange RowBlocks::operator[](int64_t index) const {
  return {index * size_, std::min((index + 1) * size_, rows_)};
}

}  // namespace weft::kernels

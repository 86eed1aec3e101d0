#pragma once
// Work shared between the threads of LibTorch's pool.

#include <cstdint>
#include <functional>

namespace weft::kernels {

/// Calls task(i) for every i in [0, count), in any order and on any thread; library calls within a
/// task use one thread. What is computed must not depend on the order, and so not on the number of
/// threads. Inside another parallel region the tasks run on the calling thread. The first exception
/// a task throws is thrown again here.
void parallel_tasks(int64_t count, const std::function<void(int64_t)>& task);

/// Sets how many threads share work. at::set_num_threads() does too, and starts a second pool,
/// meant for mobile devices, whose threads spin beside ours for 50 ms.
void use_threads(int threads);

/// From now on what the calling thread computes is not shared with others: for threads that each
/// have work of their own.
void compute_alone();

/// Within its scope, what the calling thread computes is not shared with others.
class OneThreadGuard {
 public:
  OneThreadGuard();
  OneThreadGuard(const OneThreadGuard&) = delete;
  OneThreadGuard& operator=(const OneThreadGuard&) = delete;
  ~OneThreadGuard();

 private:
  int threads_;
};

/// Rows [begin, end) of a part.
struct RowRange {
  int64_t begin = 0;
  int64_t end = 0;
  int64_t size() const { return end - begin; }
};

/// Part `index` of `parts` nearly equal parts of `rows` rows.
RowRange part_of(int64_t rows, int64_t parts, int64_t index);

/// Rows cut into blocks for one product each: as fast as any larger block, few enough to balance
/// threads, nearly equal, and of few different sizes, as each size is compiled once.
class RowBlocks {
 public:
  explicit RowBlocks(int64_t rows);
  int64_t count() const { return (rows_ + size_ - 1) / size_; }
  RowRange operator[](int64_t index) const;

 private:
  int64_t rows_;
  int64_t size_;
};

}  // namespace weft::kernels

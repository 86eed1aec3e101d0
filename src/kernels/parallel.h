#pragma once
// Work shared between the threads of LibTorch's pool (at::set_num_threads sets how many).

#include <cstdint>
#include <functional>

namespace weft::kernels {

/// Calls task(i) for every i in [0, count), in any order and on any thread; library calls within a
/// task use one thread. What is computed must not depend on the order, and so not on the number of
/// threads. Inside another parallel region the tasks run on the calling thread. The first exception
/// a task throws is thrown again here.
void parallel_tasks(int64_t count, const std::function<void(int64_t)>& task);

/// Rows [begin, end) of a part.
struct RowRange {
  int64_t begin = 0;
  int64_t end = 0;
  int64_t size() const { return end - begin; }
};

/// Part `index` of `parts` nearly equal parts of `rows` rows.
RowRange part_of(int64_t rows, int64_t parts, int64_t index);

}  // namespace weft::kernels

#include "kernels/parallel.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <stdexcept>
#include <vector>

namespace weft::kernels {
namespace {

TEST(ParallelTasks, EveryTaskRunsOnce) {
  std::vector<std::atomic<int>> runs(1000);
  parallel_tasks(1000, [&](int64_t i) { ++runs[static_cast<size_t>(i)]; });
  for (const auto& count : runs) EXPECT_EQ(count, 1);
}

TEST(ParallelTasks, NestedTasksRunToo) {
  std::atomic<int> runs = 0;
  parallel_tasks(4, [&](int64_t) { parallel_tasks(5, [&](int64_t) { ++runs; }); });
  EXPECT_EQ(runs, 20);
}

TEST(ParallelTasks, ThrowsWhatATaskThrows) {
  EXPECT_THROW(parallel_tasks(8,
                              [](int64_t i) {
                                if (i == 5) throw std::runtime_error("task");
                              }),
               std::runtime_error);
}

TEST(ParallelTasks, LeavesTheNumberOfThreadsAlone) {
  const int threads = at::get_num_threads();
  parallel_tasks(4, [](int64_t) {});
  EXPECT_EQ(at::get_num_threads(), threads);
}

TEST(RowBlocks, CoverAllRowsOnceInFewSizes) {
  std::set<int64_t> sizes;
  for (int64_t rows = 1; rows <= 400; ++rows) {
    const RowBlocks blocks(rows);
    int64_t next = 0;
    for (int64_t i = 0; i < blocks.count(); ++i) {
      EXPECT_EQ(blocks[i].begin, next);
      EXPECT_GE(blocks[i].size(), 1);
      EXPECT_LE(blocks[i].size(), 32);
      next = blocks[i].end;
      if (rows % 4 == 0) sizes.insert(blocks[i].size());
    }
    EXPECT_EQ(next, rows);
  }
  EXPECT_LE(sizes.size(), 8U);
}

TEST(PartOf, PartsCoverAllRowsOnce) {
  int64_t next = 0;
  for (int64_t part = 0; part < 4; ++part) {
    const RowRange range = part_of(42, 4, part);
    EXPECT_EQ(range.begin, next);
    EXPECT_NEAR(static_cast<double>(range.size()), 10.5, 0.6);
    next = range.end;
  }
  EXPECT_EQ(next, 42);
}

}  // namespace
}  // namespace weft::kernels

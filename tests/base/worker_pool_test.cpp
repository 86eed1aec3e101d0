#include "base/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace weft {
namespace {

TEST(WorkerPool, CallsEveryTaskOnce) {
  WorkerPool pool(3);
  for (const std::size_t count : {0, 1, 2, 3, 100}) {
    std::vector<int> calls(count);
    pool.run(count, [&](std::size_t i) { ++calls[i]; });
    EXPECT_EQ(calls, std::vector<int>(count, 1));
  }
}

TEST(WorkerPool, KeepsItsThreads) {
  std::mutex mutex;
  std::set<std::thread::id> prepared, used;
  const auto note = [&](std::set<std::thread::id>& threads) {
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
  };
  {
    WorkerPool pool(2, [&] { note(prepared); });
    for (int run = 0; run < 20; ++run) pool.run(4, [&](std::size_t) { note(used); });
  }
  EXPECT_EQ(prepared.size(), 2);
  for (const auto& thread : used) EXPECT_TRUE(prepared.contains(thread));
  EXPECT_FALSE(used.contains(std::this_thread::get_id()));
}

TEST(WorkerPool, WorksSideBySide) {
  WorkerPool pool(2);
  std::atomic<int> inside = 0;
  pool.run(2, [&](std::size_t) {
    ++inside;
    while (inside < 2) std::this_thread::yield();  // neither ends without the other
  });
}

TEST(WorkerPool, ThrowsTheFirstExceptionWhenAllCallsHaveEnded) {
  WorkerPool pool(3);
  for (std::size_t bad = 0; bad < 20; ++bad) {
    std::atomic<int> running = 0;
    try {
      pool.run(20, [&](std::size_t i) {
        ++running;
        if (i == bad) {
          --running;
          throw std::runtime_error(std::to_string(i));
        }
        --running;
      });
      FAIL() << "nothing thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(error.what(), std::to_string(bad));
    }
    EXPECT_EQ(running, 0);
    pool.run(1, [](std::size_t) {});  // and goes on working
  }
}

TEST(WorkerPool, EndsWithoutWork) {
  for (int i = 0; i < 100; ++i) WorkerPool pool(3);
}

}  // namespace
}  // namespace weft

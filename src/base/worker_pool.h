#pragma once
// Threads that stay and share out tasks.

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace weft {

/// Threads that wait between one run() and the next, and keep what belongs to them.
class WorkerPool {
 public:
  /// Starts `threads` threads, at least 1, or as many as the system gives. Each calls `prepare`
  /// before anything else; it must not throw.
  explicit WorkerPool(int threads, std::function<void()> prepare = {});
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();

  /// Calls task(i) once for every i in [0, count), in any order, and returns when no call is
  /// running any more. After an exception no further calls begin; the first one is thrown here.
  /// Not for several threads at once.
  void run(std::size_t count, const std::function<void(std::size_t)>& task);

 private:
  void work();
  /// Takes the next task and calls it; `lock` holds mutex_ before and after.
  void take_task(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  const std::function<void(std::size_t)>* task_ = nullptr;
  std::size_t next_ = 0;     // the first task that nobody has taken
  std::size_t count_ = 0;    // tasks of this run
  std::size_t running_ = 0;  // calls under way
  std::exception_ptr failure_;
  bool stopping_ = false;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace weft

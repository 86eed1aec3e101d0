#include "base/worker_pool.h"

#include <system_error>
#include <utility>

namespace weft {

WorkerPool::WorkerPool(int threads, std::function<void()> prepare) {
  threads_.reserve(
      static_cast<std::size_t>(threads));  // so that nothing but starting them can fail
  try {
    for (int i = 0; i < threads; ++i) {
      threads_.emplace_back([this, prepare] {
        if (prepare) prepare();
        work();
      });
    }
  } catch (const std::system_error&) {
    // The system gives no more threads: run() makes do with those there are.
  }
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

void WorkerPool::run(std::size_t count, const std::function<void(std::size_t)>& task) {
  std::unique_lock lock(mutex_);
  task_ = &task;
  next_ = 0;
  count_ = count;
  changed_.notify_all();
  while (threads_.empty() && next_ < count_) take_task(lock);
  changed_.wait(lock, [this] { return next_ == count_ && running_ == 0; });
  if (const auto failure = std::exchange(failure_, nullptr)) std::rethrow_exception(failure);
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || next_ < count_; });
    if (stopping_) return;
    take_task(lock);
  }
}

void WorkerPool::take_task(std::unique_lock<std::mutex>& lock) {
  const auto& task = *task_;
  const std::size_t index = next_++;
  ++running_;
  std::exception_ptr failure;
  lock.unlock();
  try {
    task(index);
  } catch (...) {
    failure = std::current_exception();
  }
  lock.lock();
  --running_;
  if (failure) {
    next_ = count_;
    if (!failure_) failure_ = failure;
  }
  if (next_ == count_ && running_ == 0) changed_.notify_all();
}

}  // namespace weft

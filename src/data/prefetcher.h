#pragma once
// Builds the next batches while the current one is trained on.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>

namespace weft {

/// Calls a producer of batches (or of anything else) in one thread of its own, which keeps at most
/// `ahead` of them ready. next() may be called from one thread at a time.
template <class Batch>
class Prefetcher {
 public:
  using Producer = std::function<Batch()>;

  /// `ahead` is at least 1. The producer is called from the other thread alone.
  explicit Prefetcher(Producer producer, std::size_t ahead = 4)
      : producer_(std::move(producer)), ahead_(ahead) {
    if (ahead == 0) throw std::invalid_argument("Prefetcher: ahead is 0");
    thread_ = std::thread([this] { run(); });
  }
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;

  /// Waits for the batch that is being built, and drops what nobody took.
  ~Prefetcher() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  /// The next batch, in the producer's order. What the producer throws is thrown here, after the
  /// batches before it, and again by every later call.
  Batch next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !ready_.empty() || failure_; });
    if (ready_.empty()) std::rethrow_exception(failure_);
    Batch batch = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    return batch;
  }

 private:
  void run() {
    while (wait_for_room()) {
      try {
        Batch batch = producer_();
        const std::lock_guard lock(mutex_);
        ready_.push_back(std::move(batch));
      } catch (...) {
        const std::lock_guard lock(mutex_);
        failure_ = std::current_exception();
        changed_.notify_all();
        return;
      }
      changed_.notify_all();
    }
  }

  /// False if no more batches are wanted.
  bool wait_for_room() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || ready_.size() < ahead_; });
    return !stopping_;
  }

  Producer producer_;
  std::size_t ahead_;
  std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  std::deque<Batch> ready_;
  std::exception_ptr failure_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

template <class Producer>
explicit Prefetcher(Producer, std::size_t = 4) -> Prefetcher<std::invoke_result_t<Producer>>;

}  // namespace weft

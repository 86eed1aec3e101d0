#pragma once
// Builds the next batches while the current one is trained on.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "data/batch_stream.h"

namespace weft {

/// Calls a producer in one thread of its own, which keeps at most `ahead` batches ready.
/// next() may be called from one thread at a time.
class Prefetcher {
 public:
  using Producer = std::function<StreamedBatch()>;

  /// `ahead` is at least 1. The producer is called from the other thread alone.
  explicit Prefetcher(Producer producer, std::size_t ahead = 4);
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;
  /// Waits for the batch that is being built, and drops what nobody took.
  ~Prefetcher();

  /// The next batch, in the producer's order. What the producer throws is thrown here, after the
  /// batches before it, and again by every later call.
  StreamedBatch next();

 private:
  void run();

  Producer producer_;
  std::size_t ahead_;
  std::mutex mutex_;  // guards the members below
  std::condition_variable changed_;
  std::deque<StreamedBatch> ready_;
  std::exception_ptr failure_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace weft

#pragma once
// A sign of life from work that says nothing by itself.

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "base/stopwatch.h"

namespace weft {

/// Logs "WHAT: M:SS so far" every `interval_seconds` while it lives, from a thread of its own.
class Heartbeat {
 public:
  explicit Heartbeat(std::string what, double interval_seconds = 60);
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;
  ~Heartbeat();

 private:
  void run();

  std::string what_;
  double interval_seconds_;
  Stopwatch watch_;
  std::mutex mutex_;  // guards
  bool done_ = false;
  std::condition_variable changed_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace weft

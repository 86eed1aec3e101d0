#include "train/heartbeat.h"

#include <chrono>
#include <system_error>
#include <utility>

#include "base/log.h"
#include "base/progress.h"

namespace weft {

Heartbeat::Heartbeat(std::string what, double interval_seconds)
    : what_(std::move(what)), interval_seconds_(interval_seconds) {
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    // The system gives no more threads: the work goes on in silence.
  }
}

Heartbeat::~Heartbeat() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Heartbeat::run() {
  const std::chrono::duration<double> interval(interval_seconds_);
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, interval, [this] { return done_; }))
    log_info(what_ + ": " + format_duration(watch_.seconds()) + " so far");
}

}  // namespace weft

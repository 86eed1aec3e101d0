#include "app/line_queue.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "base/line_reader.h"

namespace weft {
namespace {

constexpr std::size_t kMostLines = 20000;     // read ahead
constexpr std::size_t kMostBytes = 64 << 20;  // read ahead

bool names_regular_file(const std::string& path) {
  struct stat status {};
  const int failed = path == "-" ? ::fstat(STDIN_FILENO, &status) : ::stat(path.c_str(), &status);
  return failed == 0 && S_ISREG(status.st_mode);
}

}  // namespace

/// Owned by both threads: the reader may be waiting for input when the queue is gone.
struct LineQueue::Shared {
  explicit Shared(const std::string& path) : reader(path), regular_file(names_regular_file(path)) {}

  bool full() const { return lines.size() >= kMostLines || bytes >= kMostBytes; }

  LineReader reader;  // the reading thread's alone
  const bool regular_file;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::string> lines;
  std::size_t bytes = 0;   // of these lines
  bool ended = false;      // no more will come
  bool abandoned = false;  // no more are wanted
  std::exception_ptr failure;
};

LineQueue::LineQueue(const std::string& path) : shared_(std::make_shared<Shared>(path)) {
  std::thread([shared = shared_] { read(shared); }).detach();
}

LineQueue::~LineQueue() {
  const std::lock_guard lock(shared_->mutex);
  shared_->abandoned = true;
  shared_->changed.notify_all();
}

bool LineQueue::is_regular_file() const { return shared_->regular_file; }

void LineQueue::read(const std::shared_ptr<Shared>& shared) {
  std::exception_ptr failure;
  try {
    std::string line;
    while (shared->reader.next(line)) {
      std::unique_lock lock(shared->mutex);
      shared->changed.wait(lock, [&] { return !shared->full() || shared->abandoned; });
      if (shared->abandoned) return;
      shared->bytes += line.size();
      shared->lines.push_back(std::exchange(line, {}));
      shared->changed.notify_all();
    }
  } catch (...) {
    failure = std::current_exception();  // thrown again by take()
  }
  const std::lock_guard lock(shared->mutex);
  shared->failure = failure;
  shared->ended = true;
  shared->changed.notify_all();
}

std::vector<std::string> LineQueue::take(std::size_t most) {
  std::unique_lock lock(shared_->mutex);
  const std::size_t wanted = shared_->regular_file ? most : 1;
  shared_->changed.wait(
      lock, [&] { return shared_->lines.size() >= wanted || shared_->full() || shared_->ended; });
  if (shared_->lines.empty() && shared_->failure) std::rethrow_exception(shared_->failure);
  std::vector<std::string> taken;
  while (!shared_->lines.empty() && taken.size() < most) {
    shared_->bytes -= shared_->lines.front().size();
    taken.push_back(std::move(shared_->lines.front()));
    shared_->lines.pop_front();
  }
  shared_->changed.notify_all();
  return taken;
}

}  // namespace weft

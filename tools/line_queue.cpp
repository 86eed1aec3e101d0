#include "line_queue.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <iterator>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/line_reader.h"

namespace weft {
namespace {

constexpr std::size_t kMostWaiting = 20000;  // lines read ahead

bool is_regular_file(const std::string& path) {
  struct stat status {};
  const int failed = path == "-" ? ::fstat(STDIN_FILENO, &status) : ::stat(path.c_str(), &status);
  return failed == 0 && S_ISREG(status.st_mode);
}

}  // namespace

/// Owned by both threads: the reader may be waiting for input when the queue is gone.
struct LineQueue::Shared {
  explicit Shared(const std::string& path) : reader(path), regular_file(is_regular_file(path)) {}

  LineReader reader;  // the reading thread's alone
  const bool regular_file;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::string> lines;
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

void LineQueue::read(const std::shared_ptr<Shared>& shared) {
  std::exception_ptr failure;
  try {
    std::string line;
    while (shared->reader.next(line)) {
      std::unique_lock lock(shared->mutex);
      shared->changed.wait(
          lock, [&] { return shared->lines.size() < kMostWaiting || shared->abandoned; });
      if (shared->abandoned) return;
      shared->lines.push_back(line);
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
  const std::size_t wanted = shared_->regular_file ? std::min(most, kMostWaiting) : 1;
  shared_->changed.wait(lock, [&] { return shared_->lines.size() >= wanted || shared_->ended; });
  if (shared_->lines.empty() && shared_->failure) std::rethrow_exception(shared_->failure);
  std::vector<std::string> taken;
  while (!shared_->lines.empty() && taken.size() < most) {
    taken.push_back(std::move(shared_->lines.front()));
    shared_->lines.pop_front();
  }
  shared_->changed.notify_all();
  return taken;
}

void ParallelLines::resize(std::size_t count) {
  first.resize(count);
  for (auto& lines : further) lines.resize(count);
}

ParallelLineQueue::ParallelLineQueue(const std::vector<std::string>& paths)
    : paths_(paths), waiting_(paths.size()) {
  if (std::count(paths.begin(), paths.end(), "-") > 1)
    throw UserError("standard input can be only one of the files read side by side");
  for (const auto& path : paths) queues_.push_back(std::make_unique<LineQueue>(path));
}

ParallelLines ParallelLineQueue::take(std::size_t most) {
  ParallelLines lines;
  if (queues_.size() == 1) {
    lines.first = queues_[0]->take(most);
    return lines;
  }
  // As many as every file has by now; at least one.
  std::size_t count = most;
  std::optional<std::size_t> ended;
  for (std::size_t k = 0; k < queues_.size(); ++k) {
    if (waiting_[k].empty()) {
      for (auto& line : queues_[k]->take(most)) waiting_[k].push_back(std::move(line));
    }
    if (waiting_[k].empty()) ended = k;
    count = std::min(count, waiting_[k].size());
  }
  for (std::size_t k = 0; ended && k < queues_.size(); ++k) {
    if (!waiting_[k].empty()) throw_unequal(*ended, k);
  }
  for (std::size_t k = 0; k < queues_.size(); ++k) {
    const auto end = waiting_[k].begin() + static_cast<std::ptrdiff_t>(count);
    std::vector<std::string> taken(std::make_move_iterator(waiting_[k].begin()),
                                   std::make_move_iterator(end));
    waiting_[k].erase(waiting_[k].begin(), end);
    if (k == 0) {
      lines.first = std::move(taken);
    } else {
      lines.further.push_back(std::move(taken));
    }
  }
  taken_ += count;
  return lines;
}

void ParallelLineQueue::throw_unequal(std::size_t shorter, std::size_t longer) const {
  throw UserError(display_name(paths_[shorter]) + " ends after " + std::to_string(taken_) +
                  " lines, but " + display_name(paths_[longer]) + " has more; expected as many");
}

}  // namespace weft

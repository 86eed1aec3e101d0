#include "app/parallel_lines.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <compare>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "base/byte_source.h"
#include "base/messages.h"

namespace weft {
namespace {

constexpr std::size_t kLineBatch = 10000;  // lines, where it does not matter

struct Stream {
  dev_t device = 0;
  ino_t inode = 0;
  auto operator<=>(const Stream&) const = default;
};

/// What gives its bytes to one reader alone: standard input, a pipe, a socket.
std::optional<Stream> stream_of(const std::string& path) {
  struct stat status {};
  const int failed = path == "-" ? ::fstat(STDIN_FILENO, &status) : ::stat(path.c_str(), &status);
  if (failed == 0 && (path == "-" || S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
    return Stream{status.st_dev, status.st_ino};
  return std::nullopt;
}

std::string stream_name(const std::string& path) {
  return path == "-" ? std::string("standard input") : path;
}

}  // namespace

void require_different_streams(const std::vector<std::string>& paths) {
  std::map<Stream, std::string> known;
  for (const auto& path : paths) {
    const auto stream = stream_of(path);
    if (!stream) continue;
    const auto [first, is_new] = known.emplace(*stream, path);
    if (is_new) continue;
    throw UserError(stream_name(path) + " is given twice" +
                    (first->second == path ? "" : ", also as " + stream_name(first->second)) +
                    "; it can be read only once");
  }
}

void LineWindow::resize(std::size_t count) {
  for (auto& lines : files) lines.resize(count);
}

ParallelLines::ParallelLines(const std::vector<std::string>& paths)
    : paths_(paths), waiting_(paths.size()) {
  require_different_streams(paths);
  for (const auto& path : paths) queues_.push_back(std::make_unique<LineQueue>(path));
}

LineWindow ParallelLines::take(std::size_t most) {
  // As many as every file has by now; at least one.
  std::size_t count = most;
  std::optional<std::size_t> ended;
  for (std::size_t k = 0; k < queues_.size(); ++k) {
    fill(k, most);
    if (waiting_[k].empty()) ended = k;
    count = std::min(count, waiting_[k].size());
  }
  for (std::size_t k = 0; ended && k < queues_.size(); ++k) {
    if (!waiting_[k].empty()) throw_unequal(*ended, k);
  }
  LineWindow window;
  for (auto& waiting : waiting_) {
    const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(count);
    window.files.emplace_back(std::make_move_iterator(waiting.begin()),
                              std::make_move_iterator(end));
    waiting.erase(waiting.begin(), end);
  }
  before_ = taken_;
  taken_ += count;
  return window;
}

bool ParallelLines::has_ended(std::size_t k) {
  fill(k, kLineBatch);
  return waiting_[k].empty();
}

LineWindow ParallelLines::take_all() {
  LineWindow all = take(kLineBatch);
  for (auto next = take(kLineBatch); !next.empty(); next = take(kLineBatch)) {
    for (std::size_t k = 0; k < all.files.size(); ++k) {
      all.files[k].insert(all.files[k].end(), std::make_move_iterator(next.files[k].begin()),
                          std::make_move_iterator(next.files[k].end()));
    }
  }
  return all;
}

Location ParallelLines::location(std::size_t k, std::size_t index) const {
  return {display_name(paths_[k]), static_cast<int>(before_ + index) + 1};
}

void ParallelLines::fill(std::size_t k, std::size_t most) {
  if (!waiting_[k].empty()) return;
  auto lines = queues_[k]->take(most);
  waiting_[k].assign(std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
}

void ParallelLines::throw_unequal(std::size_t shorter, std::size_t longer) {
  LineCount more{display_name(paths_[longer]), std::nullopt};
  if (queues_[longer]->is_regular_file()) {
    auto lines = taken_ + waiting_[longer].size();
    for (auto next = queues_[longer]->take(kLineBatch); !next.empty();
         next = queues_[longer]->take(kLineBatch))
      lines += next.size();
    more.lines = static_cast<int64_t>(lines);
  }
  throw UserError(
      unequal_lines({display_name(paths_[shorter]), static_cast<int64_t>(taken_)}, more));
}

}  // namespace weft

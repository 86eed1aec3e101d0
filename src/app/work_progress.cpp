#include "app/work_progress.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/log.h"

namespace weft {
namespace {

bool is_shown(const std::string& output) {
  const bool is_free = output != "-" || ::isatty(STDOUT_FILENO) == 0;
  return is_free && ::isatty(STDERR_FILENO) == 1 && is_logged(LogLevel::kInfo);
}

/// 0 if that is not known without reading what can be read but once, or much.
std::int64_t line_count(const std::string& path) {
  constexpr off_t kMostCounted = off_t{1} << 30;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
      status.st_size > kMostCounted || path.ends_with(".gz") || path.ends_with(".zst"))
    return 0;
  std::ifstream file(path, std::ios::binary);
  return std::count(std::istreambuf_iterator<char>(file), {}, '\n');
}

}  // namespace

WorkProgress::WorkProgress(std::string label, std::string unit, const std::string& input,
                           const std::string& output) {
  if (is_shown(output)) start(std::move(label), std::move(unit), line_count(input));
}

WorkProgress::WorkProgress(std::string label, std::string unit, std::int64_t total,
                           const std::string& output) {
  if (is_shown(output)) start(std::move(label), std::move(unit), total);
}

void WorkProgress::start(std::string label, std::string unit, std::int64_t total) {
  bar_.emplace(ProgressOptions{.label = std::move(label),
                               .total = total,
                               .unit = std::move(unit),
                               .patience_seconds = kBarPatienceSeconds,
                               .plain_lines = false});
}

void WorkProgress::add(std::size_t done) {
  const std::lock_guard lock(mutex_);
  done_ += static_cast<std::int64_t>(done);
  if (bar_) bar_->update(done_);
}

}  // namespace weft

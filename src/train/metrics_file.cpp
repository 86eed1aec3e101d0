#include "train/metrics_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/messages.h"

namespace weft {

MetricsFile::MetricsFile(const std::string& path) : path_(path) {
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail();
  struct stat found {};
  if (::fstat(descriptor_, &found) != 0) fail();
  size_ = found.st_size;
  cut(end_of_lines());
}

MetricsFile::~MetricsFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void MetricsFile::fail() const { throw_file_error(path_, "cannot be written"); }

void MetricsFile::cut(int64_t size) {
  if (size >= size_) return;
  if (::ftruncate(descriptor_, size) != 0) fail();
  size_ = size;
}

int64_t MetricsFile::end_of_lines() const {
  for (int64_t end = size_; end > 0; --end) {
    char last = 0;
    if (::pread(descriptor_, &last, 1, end - 1) != 1) fail();
    if (last == '\n') return end;
  }
  return 0;
}

void MetricsFile::write(const std::string& event,
                        const std::vector<std::pair<std::string, Value>>& values) {
  nlohmann::ordered_json line;
  line["event"] = event;
  for (const auto& [key, value] : values) {
    std::visit([&line, &name = key](const auto& held) { line[name] = held; }, value);
  }
  // A path may hold any bytes.
  auto text = line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(descriptor_, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail();
    written += static_cast<std::size_t>(count);
  }
  size_ += static_cast<int64_t>(text.size());
}

void MetricsFile::sync() {
  if (::fsync(descriptor_) != 0) fail();
}

}  // namespace weft

#include "data/temporary_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "base/messages.h"

namespace weft {
namespace {

[[noreturn]] void fail(const std::string& directory, const std::string& done) {
  throw_file_error(directory, "a temporary file cannot be " + done + " here",
                   "; data.tempdir names another folder");
}

}  // namespace

TemporaryFile::TemporaryFile(const std::string& directory) : directory_(directory) {
  // Nameless from the start, where the file system can: a kill between the two calls below would
  // leave a name.
  constexpr mode_t kOwnersAlone = 0600;
  descriptor_ = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kOwnersAlone);
  if (descriptor_ >= 0) return;
  std::string name = (std::filesystem::path(directory) / "weft-XXXXXX").string();
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) fail(directory_, "made");
  ::unlink(name.c_str());
}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : directory_(std::move(other.directory_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_) {}

TemporaryFile::~TemporaryFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void TemporaryFile::append(const void* data, std::size_t bytes) {
  const char* rest = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t written = ::write(descriptor_, rest, bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(directory_, "written");
    rest += written;
    bytes -= static_cast<std::size_t>(written);
    size_ += written;
  }
}

void TemporaryFile::read(int64_t offset, void* data, std::size_t bytes) const {
  char* rest = static_cast<char*>(data);
  while (bytes > 0) {
    const ssize_t count = ::pread(descriptor_, rest, bytes, offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(directory_, "read");
    if (count == 0) throw std::out_of_range("TemporaryFile: read beyond the end");
    rest += count;
    bytes -= static_cast<std::size_t>(count);
    offset += count;
  }
}

}  // namespace weft

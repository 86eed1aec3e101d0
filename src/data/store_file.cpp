#include "data/store_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "base/error.h"
#include "base/messages.h"

namespace weft {

StoreFile::StoreFile(const StorePlace& place, const std::string& name)
    : path_(place.directory), has_name_(place.kind != StorePlace::Kind::kTemporary) {
  if (has_name_) {
    path_ = (std::filesystem::path(place.directory) / name).string();
    open_named(place.kind);
  } else {
    open_temporary();
  }
}

void StoreFile::open_temporary() {
  // Nameless from the start, where the file system can: a kill between the two calls below would
  // leave a name.
  constexpr mode_t kOwnersAlone = 0600;
  descriptor_ = ::open(path_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kOwnersAlone);
  if (descriptor_ >= 0) return;
  std::string name = (std::filesystem::path(path_) / "weft-XXXXXX").string();
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) fail("made");
  ::unlink(name.c_str());
}

void StoreFile::open_named(StorePlace::Kind kind) {
  const bool is_new = kind == StorePlace::Kind::kNew;
  const int flags = is_new ? O_RDWR | O_CREAT | O_EXCL : O_RDONLY;
  descriptor_ = ::open(path_.c_str(), flags | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(is_new ? "made" : "read");
  if (is_new) return;
  // Says that it is in use. Whoever asks (see is_in_use()) has it alone for a moment, which is
  // waited for; it can be read as well where nothing can be locked.
  while (::flock(descriptor_, LOCK_SH) != 0 && errno == EINTR) continue;
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) fail("read");
  size_ = status.st_size;
  std::vector<unsigned char> block(1 << 20);
  for (int64_t done = 0; done < size_; done += static_cast<int64_t>(block.size())) {
    block.resize(std::min(block.size(), static_cast<std::size_t>(size_ - done)));
    read(done, block.data(), block.size());
    add_to_checksum(block.data(), block.size());
  }
}

StoreFile::StoreFile(StoreFile&& other) noexcept
    : path_(std::move(other.path_)),
      has_name_(other.has_name_),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      checksum_(other.checksum_) {}

StoreFile::~StoreFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void StoreFile::fail(const std::string& done) const {
  if (has_name_) throw_file_error(path_, "cannot be " + done);
  throw_file_error(path_, "a temporary file cannot be " + done + " here",
                   "; data.tempdir names another folder");
}

void StoreFile::add_to_checksum(const void* data, std::size_t bytes) {
  if (bytes == 0) return;  // zlib takes no bytes for a question about its first value
  checksum_ = static_cast<uint32_t>(crc32_z(checksum_, static_cast<const Bytef*>(data), bytes));
}

void StoreFile::append(const void* data, std::size_t bytes) {
  add_to_checksum(data, bytes);
  const char* rest = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t written = ::write(descriptor_, rest, bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("written");
    rest += written;
    bytes -= static_cast<std::size_t>(written);
    size_ += written;
  }
}

void StoreFile::read(int64_t offset, void* data, std::size_t bytes) const {
  if (offset < 0 || offset + static_cast<int64_t>(bytes) > size_)
    throw std::out_of_range("StoreFile: read beyond the end");
  char* rest = static_cast<char*>(data);
  while (bytes > 0) {
    const ssize_t count = ::pread(descriptor_, rest, bytes, offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("read");
    if (count == 0) throw UserError({path_}, "has become shorter while it was used");
    rest += count;
    bytes -= static_cast<std::size_t>(count);
    offset += count;
  }
}

bool is_in_use(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool is_free = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
  ::close(descriptor);
  return !is_free;
}

void StoreFile::sync() const {
  if (::fsync(descriptor_) != 0) fail("written");
}

}  // namespace weft

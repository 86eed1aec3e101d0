#include "base/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.h"

namespace weft {

namespace {

[[noreturn]] void throw_errno(const std::string& path, const std::string& what) {
  const std::string reason = std::strerror(errno);
  throw UserError({path}, what + " (" + reason + ")");
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path)
    : path_(path), temporary_path_(path + ".tmp-" + std::to_string(::getpid())) {
  constexpr mode_t kMode = 0666;  // less what the umask takes away, as for any other file
  descriptor_ = ::open(temporary_path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode);
  if (descriptor_ < 0) throw_errno(path_, "cannot be written");
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_path_.empty()) ::unlink(temporary_path_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno(path_, "cannot be written");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void AtomicFile::commit() {
  if (::fsync(descriptor_) != 0) throw_errno(path_, "cannot be written");
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) throw_errno(path_, "cannot be written");
  if (std::rename(temporary_path_.c_str(), path_.c_str()) != 0) {
    throw_errno(path_, "cannot be replaced");
  }
  temporary_path_.clear();
  const std::string directory = std::filesystem::path(path_).parent_path().string();
  sync_directory(directory.empty() ? "." : directory);
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void sync_directory(const std::string& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw_errno(directory, "cannot be opened");
  const int synced = ::fsync(descriptor);
  const int reason = errno;
  ::close(descriptor);
  // Some network file systems cannot sync a directory, and have nothing to lose there.
  if (synced != 0 && reason != EINVAL && reason != ENOTSUP) {
    errno = reason;
    throw_errno(directory, "cannot be synced to the disk");
  }
}

}  // namespace weft

#include "base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>

#include "base/error.h"
#include "base/messages.h"

namespace weft {

MappedFile::MappedFile(const std::string& path) : path_(path) {
  // O_NONBLOCK: a pipe that nobody writes to is refused below instead of waited for.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) throw_file_error(path, "cannot be opened");
  struct stat status {};
  const bool regular = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  device_ = status.st_dev;
  number_ = status.st_ino;
  size_ = regular ? static_cast<std::size_t>(status.st_size) : 0;
  // Private and writable: a module may adopt tensors without touching the file.
  if (size_ > 0) data_ = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0);
  ::close(descriptor);
  if (!regular) throw UserError({path}, "is not a regular file");
  if (data_ == MAP_FAILED) throw_file_error(path, "cannot be mapped");
}

void MappedFile::require_whole() const {
  struct stat status {};
  const bool is_there =
      ::stat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == number_;
  if (is_there && static_cast<std::size_t>(status.st_size) < size_)
    throw UserError({path_}, "has become shorter while it was used");
}

MappedFile::~MappedFile() {
  if (data_ != nullptr && data_ != MAP_FAILED) ::munmap(data_, size_);
}

void page_in(const void* begin, std::size_t bytes) {
#ifdef MADV_POPULATE_READ
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<std::uintptr_t>(begin) / page * page;
  const auto size = reinterpret_cast<std::uintptr_t>(begin) + bytes - first;
  ::madvise(reinterpret_cast<void*>(first), size, MADV_POPULATE_READ);
#else
  static_cast<void>(begin);
  static_cast<void>(bytes);
#endif
}

}  // namespace weft

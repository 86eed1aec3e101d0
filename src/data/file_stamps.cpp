#include "data/file_stamps.h"

#include <sys/stat.h>

#include <utility>

#include "base/error.h"

namespace weft {
namespace {

/// Empty: there is no such regular file.
std::vector<int64_t> stamp_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  return {static_cast<int64_t>(status.st_dev), static_cast<int64_t>(status.st_ino),
          static_cast<int64_t>(status.st_size), static_cast<int64_t>(status.st_mtim.tv_sec),
          static_cast<int64_t>(status.st_mtim.tv_nsec)};
}

}  // namespace

std::string file_identity(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return "";
  std::string identity;
  for (const auto number :
       {static_cast<int64_t>(status.st_ino), static_cast<int64_t>(status.st_size),
        static_cast<int64_t>(status.st_mtim.tv_sec), static_cast<int64_t>(status.st_mtim.tv_nsec),
        static_cast<int64_t>(status.st_ctim.tv_sec), static_cast<int64_t>(status.st_ctim.tv_nsec)})
    identity += std::to_string(number) + ' ';
  return identity;
}

FileStamps::FileStamps(std::vector<std::string> paths) : paths_(std::move(paths)) {
  for (const auto& path : paths_) stamps_.push_back(stamp_of(path));
}

void FileStamps::require_unchanged() const {
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    if (stamps_[i].empty() || stamp_of(paths_[i]) == stamps_[i]) continue;
    throw UserError({paths_[i]}, "has changed while it was read; start again when it is complete");
  }
}

}  // namespace weft

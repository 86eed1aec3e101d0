#pragma once
// Whether files are still what they were.

#include <cstdint>
#include <string>
#include <vector>

namespace weft {

/// What the file system says of a file, by which it is known again: size, identity, times of the
/// last changes of its bytes and of what the file system keeps of it. "" if there is no such
/// regular file.
std::string file_identity(const std::string& path);

/// What the file system says of some files: size, time of the last change, identity.
class FileStamps {
 public:
  /// As they are now. Files that are missing, and what is no regular file, are not watched.
  explicit FileStamps(std::vector<std::string> paths);
  /// Throws UserError that names the first file that has changed since, or is gone.
  void require_unchanged() const;

 private:
  std::vector<std::string> paths_;
  std::vector<std::vector<int64_t>> stamps_;
};

}  // namespace weft

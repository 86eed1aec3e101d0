#pragma once
// Files that are either the old one or the new one, whatever interrupts the writing.

#include <string>
#include <string_view>

namespace weft {

/// A file under a temporary name in the directory of `path`, which commit() puts in place of `path`
/// after its bytes are on the disk. Without commit() nothing of it is left.
class AtomicFile {
 public:
  /// Throws UserError if the directory cannot be written.
  explicit AtomicFile(const std::string& path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  /// Appends. Throws UserError if it cannot (disk full).
  void write(std::string_view bytes);
  /// fsync, rename, fsync of the directory. Throws UserError. Nothing may be written afterwards.
  void commit();

 private:
  std::string path_;
  std::string temporary_path_;
  int descriptor_ = -1;
};

/// Writes the whole file as one AtomicFile.
void write_file_atomically(const std::string& path, std::string_view bytes);

/// Waits until the entries of `directory` (names created, renamed, removed) are on the disk.
/// Throws UserError if it cannot.
void sync_directory(const std::string& directory);

}  // namespace weft

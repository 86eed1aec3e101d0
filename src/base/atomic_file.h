#pragma once
// Files that are either the old one or the new one, whatever interrupts the writing.

#include <sys/types.h>

#include <string>
#include <string_view>

namespace weft {

/// A file under a temporary name beside `path`, which commit() puts in place of `path` after its
/// bytes are on the disk. Without commit() nothing of it is left, unless the process is killed:
/// see is_temporary_name(). A file that is replaced hands its permissions on; a symbolic link
/// stays, and what it points to is replaced.
class AtomicFile {
 public:
  /// Throws UserError if the directory cannot be written, or `path` is no regular file.
  explicit AtomicFile(const std::string& path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  /// Appends. Throws UserError if it cannot (disk full).
  void write(std::string_view bytes);
  /// fsync, rename, fsync of the directory. Throws UserError. Nothing may be written afterwards.
  void commit();

 private:
  void open_temporary(mode_t mode);

  std::string path_;    // as the caller names it
  std::string target_;  // without symbolic links
  std::string temporary_path_;
  int descriptor_ = -1;
};

/// Writes the whole file as one AtomicFile.
void write_file_atomically(const std::string& path, std::string_view bytes);

/// Puts the finished file `from` in the place of `to`, whose permissions and links it keeps as
/// AtomicFile does, and syncs both directories. Throws UserError.
void replace_file(const std::string& from, const std::string& to);

/// Whether a file of this name is what a killed process has left of an AtomicFile for `name`. Both
/// are names without directories.
bool is_temporary_name(const std::string& temporary, const std::string& name);

/// Makes a directory and those above it that are missing, and syncs where their names stand.
/// Throws UserError if it cannot.
void make_directories(const std::string& directory);

/// Waits until the entries of `directory` (names created, renamed, removed) are on the disk.
/// Throws UserError if it cannot.
void sync_directory(const std::string& directory);

}  // namespace weft

#pragma once
// A file's bytes in memory, read when they are looked at.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weft {

/// A file mapped for as long as the object lives. Whoever replaces the file meanwhile must rename
/// another over it: one that is overwritten in place changes under its readers.
class MappedFile {
 public:
  /// Throws UserError if it cannot be opened, or is no regular file.
  explicit MappedFile(const std::string& path);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  /// Throws UserError if somebody has cut the file since: what has gone cannot be looked at, and
  /// who tried would be killed.
  void require_whole() const;

  /// May be written to, which does not change the file.
  char* bytes() const { return static_cast<char*>(data_); }
  std::size_t size() const { return size_; }
  std::string_view view() const { return {bytes(), size_}; }

 private:
  std::string path_;
  uint64_t device_ = 0, number_ = 0;  // of the file, whatever has its name now
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Has the system map those pages of a mapped file now that are in its memory or can be read, at
/// once instead of some at each fault. Does nothing where the system has no such request.
void page_in(const void* begin, std::size_t bytes);

}  // namespace weft

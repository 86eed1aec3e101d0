#pragma once
// Room for what does not fit into memory.

#include <cstddef>
#include <cstdint>
#include <string>

namespace weft {

/// A file that has no name: it is gone when the process ends, however it ends.
class TemporaryFile {
 public:
  /// A file on the disk of `directory`. Throws UserError if none can be made there.
  explicit TemporaryFile(const std::string& directory);
  TemporaryFile(TemporaryFile&& other) noexcept;
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();

  /// Bytes written so far.
  int64_t size() const { return size_; }
  /// Writes behind what is there. Throws UserError if it cannot be written (the disk is full).
  void append(const void* data, std::size_t bytes);
  /// Reads `bytes` bytes from `offset` on; from several threads at once if need be. Throws
  /// UserError if the disk fails, std::out_of_range if there are not as many.
  void read(int64_t offset, void* data, std::size_t bytes) const;

 private:
  std::string directory_;
  int descriptor_ = -1;
  int64_t size_ = 0;
};

}  // namespace weft

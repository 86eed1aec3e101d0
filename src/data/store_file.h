#pragma once
// Room for what does not fit into memory.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace weft {

/// Where the files of a store lie.
struct StorePlace {
  enum class Kind {
    kTemporary,  ///< without a name: gone when the process ends, however it ends
    kNew,        ///< made now, under a name of their own
    kKept,       ///< made earlier; they are read alone
  };
  StorePlace(std::string folder, Kind files = Kind::kTemporary)
      : directory(std::move(folder)), kind(files) {}

  std::string directory;
  Kind kind;
};

/// A file that is written from its begin to its end, and read anywhere.
class StoreFile {
 public:
  /// The file `name` of a place; a temporary one has no name. A kept file is read through for its
  /// checksum. Throws UserError if it cannot be made or opened there.
  StoreFile(const StorePlace& place, const std::string& name);
  StoreFile(StoreFile&& other) noexcept;
  StoreFile& operator=(StoreFile&&) = delete;
  ~StoreFile();

  /// Bytes written so far.
  int64_t size() const { return size_; }
  /// CRC-32 of them.
  uint32_t checksum() const { return checksum_; }
  /// Writes behind what is there. Throws UserError if it cannot be written (the disk is full).
  void append(const void* data, std::size_t bytes);
  /// Reads `bytes` bytes from `offset` on; from several threads at once if need be. Throws
  /// UserError if the disk fails or somebody has cut the file, std::out_of_range if there are not
  /// as many.
  void read(int64_t offset, void* data, std::size_t bytes) const;
  /// Waits until all of it is on the disk. Throws UserError if it cannot be.
  void sync() const;

 private:
  void open_temporary();
  void open_named(StorePlace::Kind kind);
  void add_to_checksum(const void* data, std::size_t bytes);
  [[noreturn]] void fail(const std::string& done) const;

  std::string path_;  // of a temporary file, of its folder
  bool has_name_;
  int descriptor_ = -1;
  int64_t size_ = 0;
  uint32_t checksum_ = 0;
};

/// Whether a process, this one or another, has the file open as one of StorePlace::Kind::kKept.
bool is_in_use(const std::string& path);

}  // namespace weft

#include "base/byte_source.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/compression.h"
#include "base/error.h"
#include "base/messages.h"

namespace weft {
namespace {

/// The bytes of a descriptor as they are.
class DescriptorSource : public ByteSource {
 public:
  DescriptorSource(std::string name, int descriptor)
      : name_(std::move(name)), descriptor_(descriptor) {}
  DescriptorSource(const DescriptorSource&) = delete;
  DescriptorSource& operator=(const DescriptorSource&) = delete;
  ~DescriptorSource() override {
    if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
  }

  std::size_t read(char* buffer, std::size_t size) override {
    if (!head_.empty()) {
      const std::size_t count = std::min(size, head_.size());
      std::memcpy(buffer, head_.data(), count);
      head_.erase(0, count);
      return count;
    }
    return read_new(buffer, size);
  }

  /// What the first bytes say; they stay unread.
  CompressionFormat compression() {
    constexpr std::size_t kChunk = 64;
    std::array<char, kChunk> chunk;
    bool ended = false;
    for (;;) {
      if (const auto format = compression_of_content(head_, ended)) return *format;
      const std::size_t count = read_new(chunk.data(), chunk.size());
      head_.append(chunk.data(), count);
      ended = count == 0;
    }
  }

 private:
  std::size_t read_new(char* buffer, std::size_t size) {
    for (;;) {
      const ssize_t count = ::read(descriptor_, buffer, size);
      if (count >= 0) return static_cast<std::size_t>(count);
      // Whoever opened this descriptor may have set it not to block (node, ssh, expect do).
      if (errno == EAGAIN || errno == EWOULDBLOCK) {
        pollfd waiting{descriptor_, POLLIN, 0};
        ::poll(&waiting, 1, -1);
      } else if (errno != EINTR) {
        throw_file_error(name_, "cannot be read");
      }
    }
  }

  std::string name_;
  int descriptor_;
  std::string head_;  // read, but not by whoever reads this source
};

/// Decompresses what its first bytes say is compressed.
class DetectingSource : public ByteSource {
 public:
  DetectingSource(std::string name, std::unique_ptr<DescriptorSource> file)
      : name_(std::move(name)), file_(std::move(file)) {}

  /// Looks at the first bytes.
  void detect() {
    const auto content = file_->compression();
    const auto promised = compression_of_name(name_);
    if (content.compression == Compression::kOther) {
      throw UserError({name_}, std::string(content.name) +
                                   " data, which cannot be read; expected text, or text compressed "
                                   "with gzip or zstd");
    }
    if (content.compression == Compression::kNone && !promised.name.empty()) {
      throw UserError({name_},
                      "not in " + std::string(promised.name) + " format, though its name says so");
    }
    source_ = decompress(content.compression, name_, std::move(file_));
  }

  std::size_t read(char* buffer, std::size_t size) override {
    if (!source_) detect();
    return source_->read(buffer, size);
  }

 private:
  std::string name_;
  std::unique_ptr<DescriptorSource> file_;
  std::unique_ptr<ByteSource> source_;
};

int open_for_reading(const std::string& path) {
  if (path.empty()) throw UserError("a file has an empty name; expected a path, or -");
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw_file_error(path, "cannot be opened");
  return descriptor;
}

}  // namespace

std::unique_ptr<ByteSource> open_byte_source(const std::string& path) {
  const std::string name = display_name(path);
  const int descriptor = path == "-" ? STDIN_FILENO : open_for_reading(path);
  auto source =
      std::make_unique<DetectingSource>(name, std::make_unique<DescriptorSource>(name, descriptor));
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return source;
  if (S_ISDIR(status.st_mode)) throw UserError({name}, "is a directory; expected a file");
  if (S_ISREG(status.st_mode)) source->detect();
  return source;
}

std::string display_name(const std::string& path) { return path == "-" ? "<stdin>" : path; }

}  // namespace weft

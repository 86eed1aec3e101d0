#include "base/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "base/error.h"

namespace weft {

namespace {

class PlainSource : public ByteSource {
 public:
  PlainSource(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {}
  PlainSource(const PlainSource&) = delete;
  PlainSource& operator=(const PlainSource&) = delete;
  ~PlainSource() override {
    if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
  }

  std::size_t read(char* buffer, std::size_t size) override {
    for (;;) {
      const ssize_t count = ::read(descriptor_, buffer, size);
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) {
        throw UserError({name_}, std::string("cannot be read (") + std::strerror(errno) + ")");
      }
    }
  }

 private:
  std::string name_;
  int descriptor_;
};

class GzipSource : public ByteSource {
 public:
  GzipSource(std::string name, int descriptor) : name_(std::move(name)) {
    file_ = gzdopen(descriptor, "rb");
    if (file_ == nullptr) {
      ::close(descriptor);
      throw std::bad_alloc();
    }
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  ~GzipSource() override { gzclose_r(file_); }

  std::size_t read(char* buffer, std::size_t size) override {
    const auto wanted = static_cast<unsigned>(std::min<std::size_t>(size, 1u << 30));
    const int count = gzread(file_, buffer, wanted);
    // zlib hands a file that is not gzip through unchanged.
    if (gzdirect(file_) == 1) throw UserError({name_}, "not a gzip file");
    if (count > 0) return static_cast<std::size_t>(count);
    int status = Z_OK;
    gzerror(file_, &status);
    if (status == Z_BUF_ERROR) throw UserError({name_}, "the gzip data are cut short");
    if (count < 0) throw UserError({name_}, "the gzip data are damaged");
    return 0;
  }

 private:
  std::string name_;
  gzFile file_;
};

class ZstdSource : public ByteSource {
 public:
  ZstdSource(std::string name, int descriptor)
      : name_(std::move(name)),
        compressed_(name_, descriptor),
        context_(ZSTD_createDCtx(), &ZSTD_freeDCtx),
        buffer_(ZSTD_DStreamInSize()) {
    if (!context_) throw std::bad_alloc();
  }

  std::size_t read(char* buffer, std::size_t size) override {
    ZSTD_outBuffer output{buffer, size, 0};
    while (output.pos == 0) {
      if (input_.pos == input_.size && !refill()) return 0;
      const std::size_t status = ZSTD_decompressStream(context_.get(), &output, &input_);
      if (ZSTD_isError(status)) {
        throw UserError(
            {name_}, std::string("the zstd data are damaged (") + ZSTD_getErrorName(status) + ")");
      }
      inside_frame_ = status != 0;
    }
    return output.pos;
  }

 private:
  bool refill() {
    input_ = {buffer_.data(), compressed_.read(buffer_.data(), buffer_.size()), 0};
    if (input_.size == 0 && inside_frame_) throw UserError({name_}, "the zstd data are cut short");
    return input_.size > 0;
  }

  std::string name_;
  PlainSource compressed_;
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context_;
  std::vector<char> buffer_;
  ZSTD_inBuffer input_{nullptr, 0, 0};
  bool inside_frame_ = true;  // an empty file is no zstd file either
};

int open_for_reading(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    throw UserError({path}, std::string("cannot be opened (") + std::strerror(errno) + ")");
  }
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    ::close(descriptor);
    throw UserError({path}, "is a directory; expected a file");
  }
  return descriptor;
}

}  // namespace

std::unique_ptr<ByteSource> open_byte_source(const std::string& path) {
  const std::string name = display_name(path);
  if (path == "-") return std::make_unique<PlainSource>(name, STDIN_FILENO);
  const int descriptor = open_for_reading(path);
  if (path.ends_with(".gz")) return std::make_unique<GzipSource>(name, descriptor);
  if (path.ends_with(".zst")) return std::make_unique<ZstdSource>(name, descriptor);
  return std::make_unique<PlainSource>(name, descriptor);
}

std::string display_name(const std::string& path) { return path == "-" ? "<stdin>" : path; }

}  // namespace weft

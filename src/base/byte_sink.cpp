#include "base/byte_sink.h"

#include <poll.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/messages.h"

namespace weft {
namespace {

constexpr std::size_t kSinkBytes = 1 << 16;

class DescriptorSink : public ByteSink {
 public:
  DescriptorSink(std::string name, int descriptor)
      : name_(std::move(name)), descriptor_(descriptor) {}

  void write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
      if (count >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {  // set not to block by someone else
        pollfd waiting{descriptor_, POLLOUT, 0};
        ::poll(&waiting, 1, -1);
      } else if (errno != EINTR) {
        throw_file_error(name_, "cannot be written to its end");
      }
    }
  }
  void flush() override {}
  void finish() override {}

 private:
  std::string name_;
  int descriptor_;
};

class GzipSink : public ByteSink {
 public:
  explicit GzipSink(std::unique_ptr<ByteSink> target)
      : target_(std::move(target)), buffer_(kSinkBytes) {
    constexpr int kGzipWindow = 15 + 16;  // the largest window; 16: a gzip header
    constexpr int kMemoryLevel = 8;       // zlib's default
    if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  GzipSink(const GzipSink&) = delete;
  GzipSink& operator=(const GzipSink&) = delete;
  ~GzipSink() override { deflateEnd(&stream_); }

  void write(std::string_view bytes) override {
    constexpr std::size_t kMost = 1 << 30;  // zlib counts in 32 bits
    while (!bytes.empty()) {
      const std::size_t count = std::min(bytes.size(), kMost);
      // zlib does not change what it reads.
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
      stream_.avail_in = static_cast<uInt>(count);
      deflate_all(Z_NO_FLUSH);
      bytes.remove_prefix(count);
    }
  }
  void flush() override { deflate_all(Z_SYNC_FLUSH); }
  void finish() override { deflate_all(Z_FINISH); }

 private:
  void deflate_all(int mode) {
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      deflate(&stream_, mode);
      target_->write({buffer_.data(), buffer_.size() - stream_.avail_out});
    } while (stream_.avail_out == 0);
  }

  std::unique_ptr<ByteSink> target_;
  std::vector<char> buffer_;
  z_stream stream_{};
};

class ZstdSink : public ByteSink {
 public:
  explicit ZstdSink(std::unique_ptr<ByteSink> target)
      : target_(std::move(target)),
        context_(ZSTD_createCCtx(), &ZSTD_freeCCtx),
        buffer_(ZSTD_CStreamOutSize()) {
    if (!context_) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }

  void write(std::string_view bytes) override { compress(bytes, ZSTD_e_continue); }
  void flush() override { compress({}, ZSTD_e_flush); }
  void finish() override { compress({}, ZSTD_e_end); }

 private:
  void compress(std::string_view bytes, ZSTD_EndDirective mode) {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    bool done = false;
    while (!done) {
      ZSTD_outBuffer output{buffer_.data(), buffer_.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &output, &input, mode);
      if (ZSTD_isError(left)) throw std::runtime_error(ZSTD_getErrorName(left));
      target_->write({buffer_.data(), output.pos});
      done = mode == ZSTD_e_continue ? input.pos == input.size : left == 0;
    }
  }

  std::unique_ptr<ByteSink> target_;
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context_;
  std::vector<char> buffer_;
};

}  // namespace

std::unique_ptr<ByteSink> make_byte_sink(const std::string& name, int descriptor,
                                         Compression compression) {
  auto sink = std::make_unique<DescriptorSink>(name, descriptor);
  switch (compression) {
    case Compression::kNone:
      return sink;
    case Compression::kGzip:
      return std::make_unique<GzipSink>(std::move(sink));
    case Compression::kZstd:
      return std::make_unique<ZstdSink>(std::move(sink));
    case Compression::kOther:
      break;
  }
  throw std::logic_error("make_byte_sink: a format that is not written");
}

SinkBuffer::int_type SinkBuffer::overflow(int_type byte) {
  if (!traits_type::eq_int_type(byte, traits_type::eof())) {
    const char one = traits_type::to_char_type(byte);
    xsputn(&one, 1);
  }
  return traits_type::not_eof(byte);
}

std::streamsize SinkBuffer::xsputn(const char* bytes, std::streamsize count) {
  waiting_.append(bytes, static_cast<std::size_t>(count));
  if (waiting_.size() >= kSinkBytes) pass_on();
  return count;
}

int SinkBuffer::sync() {
  pass_on();
  sink_.flush();
  return 0;
}

void SinkBuffer::pass_on() {
  const std::string bytes = std::exchange(waiting_, {});
  sink_.write(bytes);
}

}  // namespace weft

#include "base/compression.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/error.h"

namespace weft {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  CompressionFormat format;
};

constexpr CompressionFormat kGzipFormat{Compression::kGzip, "gzip"};
constexpr CompressionFormat kZstdFormat{Compression::kZstd, "zstd"};

constexpr CompressionFormat other(std::string_view name) { return {Compression::kOther, name}; }

// No text in UTF-8 begins with any of these, except that of a bzip2 manual.
constexpr std::array kSignatures{
    Signature{"\x1F\x8B"sv, kGzipFormat},          Signature{"\x28\xB5\x2F\xFD"sv, kZstdFormat},
    Signature{"\xFD\x37zXZ\0"sv, other("xz")},     Signature{"\x5D\0\0"sv, other("lzma")},
    Signature{"\x04\x22\x4D\x18"sv, other("lz4")}, Signature{"LZIP\x01"sv, other("lzip")},
    Signature{"PK\x03\x04"sv, other("zip")},       Signature{"7z\xBC\xAF\x27\x1C"sv, other("7z")},
    Signature{"Rar!\x1A\x07"sv, other("rar")},     Signature{"\x1F\x9D"sv, other("compress (.Z)")},
};

struct Ending {
  std::string_view ending;
  CompressionFormat format;
};

constexpr std::array kEndings{
    Ending{".gz", kGzipFormat},     Ending{".zst", kZstdFormat},  Ending{".xz", other("xz")},
    Ending{".bz2", other("bzip2")}, Ending{".lz4", other("lz4")}, Ending{".lzma", other("lzma")},
    Ending{".zip", other("zip")},   Ending{".7z", other("7z")},
};

enum class Match { kNo, kBegun, kWhole };

Match match(std::string_view head, std::string_view signature) {
  if (head.substr(0, signature.size()) == signature) return Match::kWhole;
  return signature.starts_with(head) ? Match::kBegun : Match::kNo;
}

/// "BZh", the block size as a digit, and the digits of pi that begin a block.
Match match_bzip2(std::string_view head) {
  constexpr std::string_view kBegin = "BZh";
  constexpr std::string_view kBlock = "1AY&SY";
  const std::size_t digit = kBegin.size();
  if (head.size() <= digit) return kBegin.starts_with(head) ? Match::kBegun : Match::kNo;
  if (!head.starts_with(kBegin) || head[digit] < '1' || head[digit] > '9') return Match::kNo;
  return match(head.substr(digit + 1), kBlock);
}

/// A zstd file may begin with a frame that holds no data, as pzstd writes: 0x50-0x5F 2A 4D 18.
Match match_skippable_frame(std::string_view head) {
  if (head.empty()) return Match::kBegun;
  if (head[0] < 'P' || head[0] > '_') return Match::kNo;
  return match(head.substr(1), "\x2A\x4D\x18"sv);
}

class GzipSource : public ByteSource {
 public:
  GzipSource(std::string name, std::unique_ptr<ByteSource> compressed)
      : name_(std::move(name)), compressed_(std::move(compressed)), buffer_(1 << 16) {
    constexpr int kGzipWindow = 15 + 16;  // the largest window; 16: a gzip header, no other
    if (inflateInit2(&stream_, kGzipWindow) != Z_OK) throw std::bad_alloc();
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  ~GzipSource() override { inflateEnd(&stream_); }

  std::size_t read(char* buffer, std::size_t size) override {
    for (;;) {
      if (stream_.avail_in == 0 && !refill()) return 0;
      if (!inside_member_ && !begin_member()) continue;
      const auto room = static_cast<uInt>(std::min<std::size_t>(size, 1u << 30));
      stream_.next_out = reinterpret_cast<Bytef*>(buffer);
      stream_.avail_out = room;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status == Z_MEM_ERROR) throw std::bad_alloc();
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        throw UserError({name_}, "the gzip data are damaged");
      inside_member_ = status != Z_STREAM_END;
      if (stream_.avail_out < room) return room - stream_.avail_out;
    }
  }

 private:
  /// False at the end of the file.
  bool refill() {
    stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_in = static_cast<uInt>(compressed_->read(buffer_.data(), buffer_.size()));
    if (stream_.avail_in == 0 && inside_member_)
      throw UserError({name_}, "the gzip data are cut short");
    return stream_.avail_in > 0;
  }

  /// Members follow one another; zeros may fill what comes after the last (tapes, tar). False if
  /// there is nothing else in the buffer.
  bool begin_member() {
    constexpr Bytef kFirstByte = 0x1F;
    while (stream_.avail_in > 0 && *stream_.next_in == 0) {
      ++stream_.next_in;
      --stream_.avail_in;
    }
    if (stream_.avail_in == 0) return false;
    if (*stream_.next_in != kFirstByte)
      throw UserError({name_}, "the gzip data are followed by something that is not gzip");
    inflateReset(&stream_);
    inside_member_ = true;
    return true;
  }

  std::string name_;
  std::unique_ptr<ByteSource> compressed_;
  std::vector<char> buffer_;
  z_stream stream_{};
  bool inside_member_ = true;
};

class ZstdSource : public ByteSource {
 public:
  ZstdSource(std::string name, std::unique_ptr<ByteSource> compressed)
      : name_(std::move(name)),
        compressed_(std::move(compressed)),
        context_(ZSTD_createDCtx(), &ZSTD_freeDCtx),
        buffer_(ZSTD_DStreamInSize()) {
    if (!context_) throw std::bad_alloc();
    // Windows of up to 128 MiB are read by default, but `zstd --long=31` makes larger ones.
    const auto largest = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax).upperBound;
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, largest);
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
    input_ = {buffer_.data(), compressed_->read(buffer_.data(), buffer_.size()), 0};
    if (input_.size == 0 && inside_frame_) throw UserError({name_}, "the zstd data are cut short");
    return input_.size > 0;
  }

  std::string name_;
  std::unique_ptr<ByteSource> compressed_;
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context_;
  std::vector<char> buffer_;
  ZSTD_inBuffer input_{nullptr, 0, 0};
  bool inside_frame_ = true;
};

char small_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::optional<CompressionFormat> compression_of_content(std::string_view head, bool is_all) {
  bool undecided = false;
  const auto is = [&](Match found) {
    undecided = undecided || found == Match::kBegun;
    return found == Match::kWhole;
  };
  for (const Signature& signature : kSignatures) {
    if (is(match(head, signature.bytes))) return signature.format;
  }
  if (is(match_bzip2(head))) return other("bzip2");
  if (is(match_skippable_frame(head))) return kZstdFormat;
  if (undecided && !is_all) return std::nullopt;
  return CompressionFormat{};
}

CompressionFormat compression_of_name(std::string_view path) {
  std::string lower(path);
  std::transform(lower.begin(), lower.end(), lower.begin(), small_letter);
  for (const Ending& ending : kEndings) {
    if (lower.ends_with(ending.ending)) return ending.format;
  }
  return {};
}

std::unique_ptr<ByteSource> decompress(Compression compression, const std::string& name,
                                       std::unique_ptr<ByteSource> compressed) {
  switch (compression) {
    case Compression::kNone:
      return compressed;
    case Compression::kGzip:
      return std::make_unique<GzipSource>(name, std::move(compressed));
    case Compression::kZstd:
      return std::make_unique<ZstdSource>(name, std::move(compressed));
    case Compression::kOther:
      break;
  }
  throw std::logic_error("decompress: a format that is not read");
}

}  // namespace weft

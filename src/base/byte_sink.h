#pragma once
// Bytes on their way into a file or a pipe, plain or compressed.

#include <memory>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

#include "base/compression.h"

namespace weft {

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  /// Throws UserError if they cannot be written (a full disk).
  virtual void write(std::string_view bytes) = 0;
  /// What was written so far is with the reader, who can decompress it. Throws as write() does.
  virtual void flush() = 0;
  /// Ends what is compressed; nothing may be written afterwards. Throws as write() does.
  virtual void finish() = 0;
};

/// A sink of `descriptor`, which messages call `name` and which stays open; compressed with gzip
/// or zstd if `compression` says so.
std::unique_ptr<ByteSink> make_byte_sink(const std::string& name, int descriptor,
                                         Compression compression);

/// Lets std::ostream write into a sink: collects bytes until they are many, or until flush(). The
/// stream lets the UserErrors of the sink through.
class SinkBuffer : public std::streambuf {
 public:
  explicit SinkBuffer(ByteSink& sink) : sink_(sink) {}

 protected:
  int_type overflow(int_type byte) override;
  std::streamsize xsputn(const char* bytes, std::streamsize count) override;
  int sync() override;

 private:
  void pass_on();

  ByteSink& sink_;
  std::string waiting_;
};

}  // namespace weft

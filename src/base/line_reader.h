#pragma once
// Lines of UTF-8 text from a file, a compressed file or standard input.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bad_lines.h"
#include "base/byte_source.h"

namespace weft {

/// Reads a text file line by line, decompressed if it is compressed (see byte_source.h); "-" is
/// standard input. A line ends at "\n" and nowhere else, so that line i of one file stays beside
/// line i of another; one "\r" before it is dropped, and a byte order mark at the very start of the
/// file. A last line without "\n" counts.
class LineReader {
 public:
  /// Throws UserError if the file cannot be opened.
  explicit LineReader(const std::string& path);

  /// Puts the next line into `line`; false at the end. Throws BadLine with file, line and column
  /// (in characters, from 1) on bytes that are not UTF-8; UserError on a line of over 16 MiB, and
  /// as a source.
  bool next(std::string& line);

  /// The same whatever the bytes are.
  bool next_bytes(std::string& line);

  /// Number of the line last read, from 1; 0 before the first.
  int line_number() const { return line_number_; }
  /// How messages call the file.
  const std::string& name() const { return name_; }
  /// Where the line last read stands.
  Location location() const { return {name_, line_number_}; }

 private:
  bool fill();
  void check_utf8(std::string_view line) const;

  std::string name_;
  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  // the unread part of buffer_
  std::size_t end_ = 0;
  int line_number_ = 0;
};

/// All lines of a file. Throws UserError as LineReader does.
std::vector<std::string> read_lines(const std::string& path);

}  // namespace weft

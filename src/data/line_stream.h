#pragma once
// Several files read as one.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/line_reader.h"

namespace weft {

/// The lines of `files` one after the other.
class LineStream {
 public:
  explicit LineStream(std::vector<std::string> files) : files_(std::move(files)) {}

  /// As LineReader::next, over all files.
  bool next(std::string& line);
  /// Lines read so far, all files together.
  int64_t count() const { return count_; }
  /// Where the line last read stands.
  Location location() const { return reader_ ? reader_->location() : Location{}; }
  /// Reads what is left; returns count().
  int64_t count_to_end();
  /// The files' names, for messages.
  std::string names() const;

 private:
  std::vector<std::string> files_;
  std::size_t next_file_ = 0;
  std::optional<LineReader> reader_;
  int64_t count_ = 0;
};

}  // namespace weft

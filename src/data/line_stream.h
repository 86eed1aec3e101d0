#pragma once
// Several files read as one.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/file_stamps.h"
#include "text/text_column.h"

namespace weft {

/// In which file each line of a text stands that is made of several files.
class LinePlaces {
 public:
  /// The lines after the first `lines_before` are those of `file`.
  void begin_file(const std::string& file, int64_t lines_before);
  /// Where line number `line` of the text stands, from 1.
  Location operator[](int64_t line) const;
  /// For each file, in order, how many lines stand before its own.
  std::vector<int64_t> lines_before() const;

 private:
  struct Start {
    std::string file;
    int64_t lines_before;
  };
  std::vector<Start> starts_;
};

/// The lines of `files` one after the other. A file that changes while it is read is an error.
class LineStream {
 public:
  explicit LineStream(std::vector<TextColumn> files) : files_(std::move(files)) {}

  /// As ColumnReader::next, over all files. After a BadLine, which counts, comes the next line.
  bool next(std::string& line);
  /// Number of the file that the line last read is from, from 0.
  std::size_t file() const { return next_file_ - 1; }
  /// Lines read so far, all files together.
  int64_t count() const { return count_; }
  /// Places in the files that have been opened.
  const LinePlaces& places() const { return places_; }
  /// Reads what is left; returns count().
  int64_t count_to_end();
  /// The files' names, for messages.
  std::string names() const;

 private:
  /// False where there is no line left, or no file open.
  bool read(std::string& line);

  std::vector<TextColumn> files_;
  std::size_t next_file_ = 0;
  std::optional<ColumnReader> reader_;
  std::optional<FileStamps> stamps_;  // of the file that is read
  LinePlaces places_;
  int64_t count_ = 0;
};

}  // namespace weft

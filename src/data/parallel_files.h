#pragma once
// Line i of the source beside line i of the target.

#include <string>
#include <vector>

#include "base/error.h"
#include "config/data_options.h"
#include "data/line_stream.h"

namespace weft {

/// Files of the two sides; all files of a side count as one text.
struct ParallelFiles {
  std::vector<std::string> source;
  std::vector<std::string> target;
  std::vector<std::vector<std::string>> further = {};  ///< sources besides the first
};

ParallelFiles training_files(const DataOptions& data);
ParallelFiles validation_files(const DataOptions& data);

/// Reads all sides in step.
class ParallelReader {
 public:
  explicit ParallelReader(const ParallelFiles& files);

  /// Puts the next pair into the two strings; false at the end. Throws UserError as LineReader
  /// does, and if one side ends before the other: the message names both totals.
  bool next(std::string& source_line, std::string& target_line);
  /// The lines of further sources that go with the pair last read.
  const std::vector<std::string>& further() const { return further_lines_; }
  /// Pairs read so far.
  int64_t count() const { return source_.count(); }
  /// Where the lines of pair number `pair` stand, from 1, if it has been read.
  const LinePlaces& source_places() const { return source_.places(); }
  const LinePlaces& target_places() const { return target_.places(); }

 private:
  LineStream source_;
  LineStream target_;
  std::vector<LineStream> further_;
  std::vector<std::string> further_lines_;
};

/// The files of each source besides the first; `files` has as many for each as the first has.
std::vector<std::vector<std::string>> split_by_source(const std::vector<std::string>& files,
                                                      std::size_t files_of_each);

/// Reads all files through once, before any work begins, and adds what is wrong with them: files
/// that cannot be read or are pipes, bytes that are not UTF-8 (the first of each file), sides of
/// unequal length.
void check_parallel_files(const ParallelFiles& files, Problems& problems);

}  // namespace weft

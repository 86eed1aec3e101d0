#pragma once
// Lines of a file or a pipe, taken as they come.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace weft {

/// Reads lines in a thread of its own, so that whoever works on them sees what is there without
/// waiting for more. Reads ahead at most 20,000 lines or 64 MiB, whichever is less, and one line.
class LineQueue {
 public:
  /// Throws UserError if the file ("-" is standard input) cannot be opened.
  explicit LineQueue(const std::string& path);
  LineQueue(const LineQueue&) = delete;
  LineQueue& operator=(const LineQueue&) = delete;
  ~LineQueue();

  /// The next lines, at most `most`, at least one; none at the end. From a regular file always as
  /// many as there are (fewer if they are longer than can be read ahead); from a pipe or a terminal
  /// those that have come by now, after waiting for the first. An error of the reader (UserError)
  /// is thrown when every line before it has been taken.
  std::vector<std::string> take(std::size_t most);

  /// Whether all lines can be had without waiting for anybody.
  bool is_regular_file() const;

 private:
  struct Shared;
  static void read(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
};

}  // namespace weft

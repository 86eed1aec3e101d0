#pragma once
// Lines of a file or a pipe, taken as they come.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace weft {

/// Reads lines in a thread of its own, so that whoever works on them sees what is there without
/// waiting for more.
class LineQueue {
 public:
  /// Throws UserError if the file ("-" is standard input) cannot be opened.
  explicit LineQueue(const std::string& path);
  LineQueue(const LineQueue&) = delete;
  LineQueue& operator=(const LineQueue&) = delete;
  ~LineQueue();

  /// The next lines, at most `most`, at least one; none at the end. From a regular file always as
  /// many as there are; from a pipe or a terminal those that have come by now, after waiting for
  /// the first. An error of the reader (UserError) is thrown when every line before it has been
  /// taken.
  std::vector<std::string> take(std::size_t most);

 private:
  struct Shared;
  static void read(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
};

}  // namespace weft

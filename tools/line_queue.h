#pragma once
// Lines of a file or a pipe, taken as they come.

#include <cstddef>
#include <deque>
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

/// Lines of several files side by side.
struct ParallelLines {
  std::vector<std::string> first;
  std::vector<std::vector<std::string>> further;  ///< for each file but the first its lines
  /// Keeps the first `count` of each.
  void resize(std::size_t count);
};

/// Queues read in step.
class ParallelLineQueue {
 public:
  /// As LineQueue. Throws UserError if standard input is to be read twice.
  explicit ParallelLineQueue(const std::vector<std::string>& paths);

  /// As LineQueue. Throws UserError if one file ends before another: when every line before has
  /// been taken.
  ParallelLines take(std::size_t most);

 private:
  [[noreturn]] void throw_unequal(std::size_t shorter, std::size_t longer) const;

  std::vector<std::string> paths_;
  std::vector<std::unique_ptr<LineQueue>> queues_;
  std::vector<std::deque<std::string>> waiting_;  // taken from each queue, but not from here
  std::size_t taken_ = 0;
};

}  // namespace weft

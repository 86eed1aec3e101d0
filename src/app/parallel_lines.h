#pragma once
// Lines of several files side by side: a source and its translation, hypotheses and references.

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "app/line_queue.h"
#include "base/error.h"

namespace weft {

/// Throws UserError if two of these files ("-" is standard input) are the same pipe, which can be
/// read only once.
void require_different_streams(const std::vector<std::string>& paths);

/// The next lines of each file: `files[k][i]` stands beside `files[0][i]`.
struct LineWindow {
  std::vector<std::vector<std::string>> files;

  std::size_t count() const { return files.front().size(); }
  bool empty() const { return files.front().empty(); }
  /// Keeps the first `count` lines of each.
  void resize(std::size_t count);
};

/// Reads files in step, as their lines come.
class ParallelLines {
 public:
  /// Opens all of them ("-" is standard input). Throws UserError if one cannot be opened, and as
  /// require_different_streams() does.
  explicit ParallelLines(const std::vector<std::string>& paths);

  /// At most `most` lines of each; none at the end. Waits, as LineQueue does, until every file has
  /// a line. Throws UserError when every line before has been taken: as LineReader does, and if one
  /// file ends before another.
  LineWindow take(std::size_t most);

  /// Waits until it is known whether file `k` has another line.
  bool has_ended(std::size_t k);

  /// All lines that are left.
  LineWindow take_all();

  /// Where line `index` of the window last taken stands in file `k`.
  Location location(std::size_t k, std::size_t index) const;

 private:
  /// Takes lines from the queue of file `k` if none wait.
  void fill(std::size_t k, std::size_t most);
  [[noreturn]] void throw_unequal(std::size_t shorter, std::size_t longer);

  std::vector<std::string> paths_;
  std::vector<std::unique_ptr<LineQueue>> queues_;
  std::vector<std::deque<std::string>> waiting_;  // taken from each queue, but not from here
  std::size_t before_ = 0;                        // lines before the window last taken
  std::size_t taken_ = 0;
};

}  // namespace weft

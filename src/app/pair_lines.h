#pragma once
// Sentence pairs from two files or from one.

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/parallel_lines.h"

namespace weft {

/// A source line and its translation.
using LinePair = std::pair<std::string, std::string>;

/// Where sentence pairs come from.
struct PairFiles {
  std::string source, target;  ///< a sentence a line
  std::string corpus;  ///< instead of them: lines of "source ||| target", as fast_align reads

  /// The files that are given.
  std::vector<std::string> paths() const {
    return corpus.empty() ? std::vector{source, target} : std::vector{corpus};
  }
};

/// Reads pairs as they come.
class PairLines {
 public:
  /// Throws UserError as ParallelLines does.
  explicit PairLines(const PairFiles& files)
      : is_corpus_(!files.corpus.empty()), lines_(files.paths()) {}

  /// At most `most` pairs; none at the end. Throws UserError as ParallelLines does, and, when every
  /// pair before it has been taken, for a line that is not "source ||| target".
  std::vector<LinePair> take(std::size_t most);

 private:
  bool is_corpus_;
  ParallelLines lines_;
  std::optional<UserError> mistake_;  // in the line behind those that were taken
};

/// The two sides of "source ||| target", without the one blank on each side of the bars. A side may
/// be blank. Throws UserError unless there is just one "|||" between blanks or an end of the line.
LinePair split_pair(const std::string& line, const Location& where);

}  // namespace weft

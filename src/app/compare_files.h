#pragma once
// From alignments of several models to a page that shows them side by side.

#include <string>
#include <vector>

namespace weft {

struct ComparisonTask {
  std::vector<std::string> alignments;  ///< "[NAME=]FILE", of what --alignment json writes
  std::string output = "-";
};

/// One figure for each sentence, with a matrix of each file. Of several translations of a sentence
/// the first is shown, which the log tells. Throws UserError if a line is no alignment, or the
/// files are not of the same sentences; what was before is written.
void compare_files(const ComparisonTask& task);

}  // namespace weft

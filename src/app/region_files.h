#pragma once
// From alignments over pictures and gold regions of words to scores on standard output.

#include <map>
#include <string>

#include "app/evaluate_files.h"
#include "metrics/region_score.h"

namespace weft {

struct RegionTask {
  std::string alignments = "-";  ///< JSON Lines of `--alignment json`; "-": standard input
  std::string gold;              ///< JSON Lines, see metrics/gold_regions.h
  ScoreStyle style = ScoreStyle::kLine;
};

/// By word class, in the order of their names.
struct RegionReport {
  std::map<std::string, RegionTotals> classes;
  RegionTotals all;
  int64_t lines = 0;
  int64_t unknown = 0;  ///< lines whose text is not in the gold of their picture
};

/// An alignment belongs to the gold item (metrics/gold_regions.h) that its source names, or its
/// last part, the file, and to the sentence that is its target but for blanks and case. Weight in
/// no place, that of the mean vector (model.input.global), does not count. The attention of several
/// words, or of a word of several pieces, is their mean. Throws UserError with file and line.
RegionReport score_regions(const RegionTask& task);

/// Prints score_regions(): pointing accuracy and mass inside the boxes, and what equal weights and
/// the middle of the picture reach.
void evaluate_regions(const RegionTask& task);

}  // namespace weft

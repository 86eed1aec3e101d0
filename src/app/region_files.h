#pragma once
// From alignments over pictures and gold regions of words to scores on standard output.

#include <map>
#include <string>

#include "app/evaluate_files.h"
#include "metrics/region_score.h"

namespace weft {

struct RegionTask {
  std::string alignments = "-";  ///< JSON Lines of `--alignment json`; "-": standard input
  std::string gold;              ///< JSON Lines, see read_gold_regions()
  ScoreStyle style = ScoreStyle::kLine;
};

/// By word class, in the order of their names.
struct RegionReport {
  std::map<std::string, RegionTotals> classes;
  RegionTotals all;
  int64_t lines = 0;
  int64_t unknown = 0;  ///< lines whose text is not in the gold of their picture
};

/// An item of the gold is a line {"image": NAME, "width": 500, "height": 375, "boxes": {"18":
/// [[left, top, right, bottom], ...]}, "sentences": [{"text": "A child sits .", "phrases": [[0, 2,
/// "18", "people"], ...]}]}: words [0, 2) of the sentence are to be seen in the boxes of "18", and
/// are of the class "people". Of sound, which has "sound" for "image", width is in seconds and
/// height 1. An alignment belongs to the item that its source names (or its last part, the file),
/// and to the sentence that is its target but for blanks and case. Weight in no place, that of the
/// mean vector (model.input.global), does not count. The attention of several words, or of a word
/// of several pieces, is their mean. Throws UserError with file and line.
RegionReport score_regions(const RegionTask& task);

/// Prints score_regions(): pointing accuracy and mass inside the boxes, and what equal weights and
/// the middle of the picture reach.
void evaluate_regions(const RegionTask& task);

}  // namespace weft

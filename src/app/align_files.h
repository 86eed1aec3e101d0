#pragma once
// From files of sentence pairs to a file of alignments, and to their error rate.

#include <cstddef>
#include <string>
#include <vector>

#include "app/alignment_choice.h"
#include "app/answer_writer.h"
#include "app/gold_comparison.h"
#include "base/words.h"
#include "config/training_options.h"
#include "search/alignment_options.h"

namespace weft {

struct AlignmentTask {
  std::string model;                 ///< a directory
  std::vector<std::string> sources;  ///< one file for each source of the model
  std::string target;
  std::string output = "-";
  std::optional<std::string> source_root;  ///< where names of items start; none: the config's
  DeviceChoice device;
  AnswerFormat format;  ///< without an alignment format no alignments are written
  AlignmentOptions alignment;
  std::size_t alignment_source = 0;  ///< of several sources, the one that is aligned
  AskedAlignment alignment_from;
  GoldLinks gold;
  WordSplitting words = WordSplitting::kAuto;
  /// Lines are cut into words that the model was not trained on: it reads them joined.
  bool join_source = false, join_target = false;
  std::string pictures;  ///< a directory for pictures of the alignments; "": none
  std::optional<AlignmentFormat> picture_format;  ///< none: those that AttentionPictures has
  /// Instead of alignments: the error rates under each alignment shift, of which the best is stored
  /// with the model. They are compared with gold links, or else with a word aligner's.
  bool choose_shift = false;
};

/// Aligns every pair, in order, as the lines come; then prints the error rate on standard output if
/// there are gold links. Throws UserError, before the output is touched, if the files, the model
/// and the options do not fit each other; for a mistake in a line, when every pair before it has
/// been answered.
void align_files(const AlignmentTask& task);

}  // namespace weft

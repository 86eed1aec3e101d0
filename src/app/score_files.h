#pragma once
// From files of sentence pairs, or lists of translations, to their scores.

#include <optional>
#include <string>
#include <vector>

#include "app/decoding_overrides.h"

namespace weft {

struct ScoringTask {
  std::vector<std::string> models;   ///< directories; several are an ensemble
  std::vector<std::string> sources;  ///< one file for each source
  std::string target;                ///< translations, a line for a line; or
  std::string n_best;                ///< a list of Moses' form, whose ids are lines of the sources
  std::string output = "-";
  std::string feature = "Weft";  ///< what the score is called in lists
  bool words = false;            ///< log p of every word, and of the end of sentence
  bool summary = false;          ///< the totals alone
  /// Of a list: in place of it, the best translation of each source line, by this part of the score
  /// here and the rest of the list's.
  std::optional<double> rerank;
  DecodingOverrides decoding;
  std::optional<std::string> source_root;  ///< where names of items start; none: the config's
  DeviceChoice device;
};

/// Writes for each pair
///   LOG_PROB SCORE [||| LOG_PROB of each word and of the end]
/// or the list with " FEATURE= LOG_PROB" among its features and SCORE in the last field; a summary
/// of all goes to the log. Scores are those that translate_files() would give: the same steps make
/// them. Throws UserError, before the output is touched, if the files, the models and the options
/// do not fit each other; for a mistake in a line when every line before it has been answered.
void score_files(const ScoringTask& task);

}  // namespace weft

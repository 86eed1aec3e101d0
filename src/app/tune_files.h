#pragma once
// Length options that suit a validation text.

#include <optional>
#include <string>
#include <vector>

#include "app/decoding_overrides.h"
#include "metrics/metric_tokenizer.h"

namespace weft {

struct TuningTask {
  std::vector<std::string> models;   ///< directories; several are an ensemble
  std::vector<std::string> sources;  ///< of the validation text, one file for each source
  std::string reference;             ///< its translation
  MetricTokenizer tokenizer = MetricTokenizer::k13a;  ///< for BLEU
  bool saves = false;                                 ///< into the config of each model
  DecodingOverrides decoding;
  std::optional<std::string> source_root;  ///< where names of items start; none: the config's
  DeviceChoice device;
};

/// Translates the validation text into n-best lists as long as the beam, and finds the length
/// normalisation, the word penalty and the brevity penalty (with the text's own length ratio) by
/// whose scores the best translations have the greatest BLEU; of equal ones those nearest to what
/// the model has. Writes them to standard output as lines of a config. What was searched for does
/// not depend on them, but for early stopping, which is off. Throws UserError if the files, the
/// models and the options do not fit each other.
void tune_lengths(const TuningTask& task);

}  // namespace weft

#pragma once
// One translation of each line, from lists of several systems.

#include <string>
#include <vector>

#include "app/minimum_bayes_risk.h"

namespace weft {

struct ConsensusTask {
  std::vector<std::string> lists;  ///< files in Moses' form, or of one translation a line
  std::vector<double> weights;     ///< of each list; none: all count alike
  Utility utility = Utility::kChrf;
  MetricTokenizer tokenizer = MetricTokenizer::k13a;
  bool alike = false;  ///< translations of a list count alike, as samples do, not by their scores
  std::string output = "-";
};

/// Writes for each line the translation of the least Bayes risk among those of all lists. A list's
/// translations share its weight out by exp(score), the last field, or F0 if there is one, which is
/// log p. Throws UserError, before the output is touched, if the lists are not of the same lines.
void combine_lists(const ConsensusTask& task);

}  // namespace weft

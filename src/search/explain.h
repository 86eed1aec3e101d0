#pragma once
// Alignments of finished hypotheses by the alignment head, which reads a target to its end.

#include <cstddef>
#include <vector>

#include "data/make_batch.h"
#include "search/hypothesis_tree.h"
#include "search/readings.h"
#include "search/step_model.h"

namespace weft {

/// A line of each source and the best of its hypotheses, of which `count` are to be explained.
struct ExplainedSource {
  std::vector<SourceTokens> sources;  ///< those of other readings behind the first model's
  const OtherReadings* readings;
  std::vector<Hypothesis>* hypotheses;
  std::size_t count;
};

/// Puts what the head says in place of the attention of the hypotheses: a row per token and, if
/// finished, one for the end of sentence; the columns of source number `aligned`. At most
/// `together` hypotheses are read at a time. `model` has an alignment head.
void explain(StepModel& model, const std::vector<ExplainedSource>& sources, std::size_t aligned,
             std::size_t together);

}  // namespace weft

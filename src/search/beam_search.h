#pragma once
// Beam search over a batch of sentences.

#include <cstdint>
#include <vector>

#include "data/batch.h"
#include "search/hypothesis_tree.h"
#include "search/step_model.h"

namespace weft {

struct BeamOptions {
  int64_t beam_size = 5;  ///< hypotheses kept per sentence, >= 1; 1 is greedy search
  double length_normalization =
      1.0;  ///< α of score = log p / length^α, length with the end of sentence; 0: none
  double max_length_factor = 3.0;  ///< at most this times the source's tokens, plus kExtraLength
  bool keep_attention = false;
  std::size_t attention_source = 0;  ///< of several sources, the one whose attention is kept
};

/// Room for short sources, whose translations may be relatively longer.
inline constexpr int64_t kExtraLength = 10;

/// For every sentence of the batch, its hypotheses from the best score to the worst: beam_size of
/// them, fewer only if there are no more. A hypothesis that ends leaves the beam, which shrinks by
/// one (as in Marian); a sentence is done when its beam is empty or its length limit is reached,
/// and then leaves the batch. Call without gradients.
std::vector<std::vector<Hypothesis>> beam_search(StepModel& model, const SourceBatch& source,
                                                 const BeamOptions& options);

}  // namespace weft

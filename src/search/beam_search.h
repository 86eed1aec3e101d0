#pragma once
// Beam search over a batch of sentences.

#include <cstdint>
#include <optional>
#include <vector>

#include "config/training_options.h"
#include "data/batch.h"
#include "search/hypothesis_tree.h"
#include "search/step_model.h"
#include "search/token_policy.h"

namespace weft {

/// What one search is asked for, beside how to search.
struct SearchRequest {
  std::vector<TokenPolicy*> policies = {};  ///< asked in this order
  /// Of the sources, the one whose attention hypotheses tell; none: they tell none.
  std::optional<std::size_t> attention_source = std::nullopt;
};

/// For every sentence of the batch, its hypotheses from the best score to the worst: beam_size of
/// them, fewer only if there are no more; none where the model gives no token any probability. A
/// hypothesis that ends leaves the beam, which shrinks by one (as in Marian); a sentence is done
/// when its beam is empty or its length limit is reached, and then leaves the batch. Of the options
/// it reads beam_size, length_normalization and max_length_factor. Call without gradients.
std::vector<std::vector<Hypothesis>> beam_search(StepModel& model, const SourceBatch& sources,
                                                 const DecodingOptions& options,
                                                 const SearchRequest& request = {});

}  // namespace weft

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
  std::vector<TokenPolicy*> policies = {};  ///< asked in this order; at most one draws
  /// Of the sources, the one whose attention hypotheses tell, and whose coverage counts; none: they
  /// tell none.
  std::optional<std::size_t> attention_source = std::nullopt;
  /// Early stopping heeds this many; none: all.
  std::optional<int64_t> n_best = std::nullopt;
  /// The beam is shared out to this many groups of hypotheses, 1 to beam_size, which compete only
  /// within their group. With one for each hypothesis and a policy that draws, every hypothesis is
  /// a sample of its own.
  int64_t groups = 1;
  /// Taken off the rank of a token for each hypothesis of an earlier group that chose it in the
  /// same step (Vijayakumar et al. 2016, arXiv:1610.02424: Hamming diversity).
  double diversity = 0;
  /// Of each sentence, in the place of DecodingOptions::length_ratio; none: that.
  std::vector<double> length_ratios = {};
  /// Of each sentence the tokens that its hypotheses may have, rising, the end of sentence among
  /// them; none: all tokens.
  std::vector<std::vector<int64_t>> lists = {};
};

/// For every sentence of the batch, its hypotheses from the best score to the worst: beam_size of
/// them, fewer only if there are no more or the search stopped early; none where the model gives no
/// token any probability. A hypothesis that ends leaves the beam, which shrinks by one (as in
/// Marian); a sentence is done when its beam is empty, its length limit is reached or it may stop
/// early, and then leaves the batch. Hypotheses that are drawn come as they were drawn. Of the
/// options it reads the beam size and those of scores and lengths. Call without gradients.
std::vector<std::vector<Hypothesis>> beam_search(StepModel& model, const SourceBatch& sources,
                                                 const DecodingOptions& options,
                                                 const SearchRequest& request = {});

}  // namespace weft

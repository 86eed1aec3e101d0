#pragma once
// What a search looks at in a row of logits: the few most probable tokens.

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "kernels/best_tokens.h"
#include "ops/backend.h"

namespace weft::ops {

using kernels::BestTokens;

struct Ranking {
  torch::Tensor logits;           ///< [N, V]
  int64_t count = 1;              ///< in [1, V]
  std::vector<int64_t> excluded;  ///< tokens that take part in the softmax but are not chosen
};

/// The `count` largest of log softmax(logits) of each row, and where they stand; where a row has
/// nothing left to choose, log_probs are -inf. Without gradients.
extern const Op<BestTokens, Ranking> best_tokens;

struct ChosenTokens {
  torch::Tensor logits;  ///< [N, V]
  torch::Tensor tokens;  ///< int64 [N, K]
};

/// log softmax(logits) at the tokens [N, K], as best_tokens() has it.
extern const Op<torch::Tensor, ChosenTokens> token_log_probs;

struct ListedTokens {
  torch::Tensor logits;     ///< [N, U], of hypotheses
  torch::Tensor columns;    ///< int64 [B, W]: which of them the list of each sentence has
  torch::Tensor sentences;  ///< int64 [N]: the sentence of each hypothesis
};

/// The logits of each hypothesis's list: out[n, w] = logits[n, columns[sentences[n], w]], [N, W].
/// Without gradients.
extern const Op<torch::Tensor, ListedTokens> listed_logits;

}  // namespace weft::ops

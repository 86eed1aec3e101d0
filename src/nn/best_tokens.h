#pragma once
// What a search looks at in a row of logits: the few most probable tokens.

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace weft {

struct BestTokens {
  torch::Tensor log_probs;  ///< float [N, K], falling along a row
  torch::Tensor tokens;     ///< int64 [N, K]
};

/// The `count` largest of log softmax(logits) of each row, and where they stand. `excluded` tokens
/// take part in the softmax but are not chosen; where a row has nothing left to choose, log_probs
/// are -inf. logits [N, V], 1 <= count <= V; without gradients.
BestTokens best_tokens(const torch::Tensor& logits, int64_t count,
                       const std::vector<int64_t>& excluded);

/// log softmax(logits) at tokens int64 [N, K], as best_tokens() has it.
torch::Tensor token_log_probs(const torch::Tensor& logits, const torch::Tensor& tokens);

}  // namespace weft

#pragma once
// The most probable tokens of each row of logits, in two passes over the row: what
// ops/best_tokens.h has for the processor.

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace weft::kernels {

struct BestTokens {
  torch::Tensor log_probs;  ///< float [N, K], falling along a row
  torch::Tensor tokens;     ///< int64 [N, K]
};

/// The `count` largest of log softmax(logits) of each row, and where they stand; of equal ones the
/// lower token first. `excluded` tokens take part in the softmax but are not chosen; where a row
/// has nothing left to choose, the probability is 0 (log_probs -inf). logits float32 [N, V] on the
/// CPU, 1 <= count <= V.
BestTokens best_tokens(const torch::Tensor& logits, int64_t count,
                       const std::vector<int64_t>& excluded);

/// log softmax(logits) at tokens int64 [N, K], to the last bit as best_tokens() has it. logits
/// float32 [N, V] on the CPU; without gradients.
torch::Tensor token_log_probs(const torch::Tensor& logits, const torch::Tensor& tokens);

/// logits[n, columns[sentences[n], w]] as [N, W]: logits float32 [N, U], columns int64 [B, W] and
/// sentences int64 [N] on the CPU; without gradients.
torch::Tensor listed_logits(const torch::Tensor& logits, const torch::Tensor& columns,
                            const torch::Tensor& sentences);

}  // namespace weft::kernels

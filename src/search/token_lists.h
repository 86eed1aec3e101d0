#pragma once
// Search among some tokens of the vocabulary alone.

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace weft {

/// The tokens that the translation of each sentence may have: no other has any probability.
struct TokenLists {
  torch::Tensor tokens;  ///< int64 [B, W] on the CPU; behind the last of a sentence kPadId, which
                         ///< is in no list. Undefined: all tokens
};

/// `lists` rise. W is the same multiple for whatever is searched together, so that sums over a list
/// do not depend on the others.
TokenLists pad_lists(const std::vector<std::vector<int64_t>>& lists);

/// What the columns of logits [N, W] are.
struct ListedColumns {
  torch::Tensor tokens;     ///< TokenLists'; undefined: column v is token v
  torch::Tensor sentences;  ///< int64 [N] on the CPU: the list of each row
  int64_t vocabulary = 0;

  bool are_listed() const { return tokens.defined(); }
  /// The tokens in these columns int64 [N, K], on the CPU.
  torch::Tensor tokens_in(const torch::Tensor& columns) const;
  /// The logits [M, V], on their device, of some `rows` int64 [M] (on the CPU), -inf where a token
  /// is not in the row's list.
  torch::Tensor of_all_tokens(const torch::Tensor& logits, const torch::Tensor& rows) const;
};

}  // namespace weft

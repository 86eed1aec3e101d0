#pragma once
// Attention: a query and n annotations in, a distribution over them and their mean out.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

#include "nn/linear.h"

namespace weft {

/// What queries are compared with; where it came from does not matter. B sets of S annotations.
struct AttentionMemory {
  torch::Tensor values;  ///< what is averaged [B, S, C]: h, or maps of it
  torch::Tensor keys;    ///< U h + b [B, S, A], computed once for all queries
  torch::Tensor mask;    ///< bool [B, S], true at tokens; every row has at least one
  torch::Tensor sets;    ///< int64 [N]: the set each query reads; undefined: query n reads set n
};

struct AttentionOutput {
  torch::Tensor context;  ///< c [N, C]
  torch::Tensor weights;  ///< α [N, S]; each row sums to 1 and is exactly 0 at padding
};

/// Additive attention. Bahdanau, Cho, Bengio 2015 (arXiv:1409.0473), appendix A.1.2:
///   e_j = v^T tanh(W q + U h_j + b),   α = softmax(e),   c = Σ_j α_j h_j
class AdditiveAttentionImpl : public torch::nn::Module {
 public:
  /// Widths of the query (Q), of an annotation (C) and of the hidden layer (A).
  AdditiveAttentionImpl(int64_t query_width, int64_t annotation_width, int64_t width);
  void initialize();
  /// annotations [B, S, C], mask bool [B, S]: projects the keys once.
  AttentionMemory remember(const torch::Tensor& annotations, const torch::Tensor& mask);
  /// query [N, Q]: query n is compared with set memory.sets[n].
  AttentionOutput forward(const torch::Tensor& query, const AttentionMemory& memory);

  Linear query{nullptr};  ///< W
  Linear key{nullptr};    ///< U, b
  torch::Tensor energy;   ///< v [A]
};
TORCH_MODULE(AdditiveAttention);

}  // namespace weft

#pragma once
// Additive attention of a decoder's step: one head, softmax over all of a sentence.

#include <torch/types.h>

#include <memory>

#include "kernels/search_step.h"
#include "ops/backend.h"

namespace weft {

namespace kernels {
struct SharedAttention;
}

namespace ops {

/// What the steps of a decoder that trains share; null where no backend has a use for it.
using SharedAttention = std::shared_ptr<const kernels::SharedAttention>;

struct AttentionStep : kernels::AttentionStep {
  SharedAttention shared = {};  ///< of the same keys, energy, values and mask
};

using Attended = kernels::AttentionStepOutput;

/// Bahdanau, Cho, Bengio 2015 (arXiv:1409.0473), appendix A.1.2:
///   e_j = v^T tanh(W q + U h_j + b),   α = softmax(e),   c = Σ_j α_j h_j
extern const Op<Attended, AttentionStep> attend;

/// For the steps of a decoder over these sentences; no query, no sets.
SharedAttention share_attention(const ComputeContext& compute,
                                const kernels::AttentionStep& source);

/// tanh(W q + U h_j + b) [N, S, A] of queries W q [N, A] and keys [N, S, A].
torch::Tensor additive_hidden(const torch::Tensor& query, const torch::Tensor& keys);

/// Row n of the result is the set that query n reads.
torch::Tensor of_each_query(const torch::Tensor& of_sets, const torch::Tensor& sets);

/// Whether attend() reads the sets of queries where they are: then wide values, such as maps of
/// annotations made once per sentence, cost little.
bool attends_in_place(const ComputeContext& compute, const torch::Tensor& values);

}  // namespace ops
}  // namespace weft

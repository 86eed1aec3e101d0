#pragma once
// Additive attention in training, step by step, for decoders without a kernel of their own.

#include <ATen/core/ivalue.h>
#include <torch/types.h>

#include "kernels/search_step.h"

namespace weft::kernels {

/// What the steps of a decoder leave of the gradients that all of them share. For step i of T,
/// dkeys is a sum over i, and dvalues_j = Σ_i α_ij dc_i: [B, S, C] once, and not once per step.
struct AttentionGradients : torch::CustomClassHolder {
  torch::Tensor keys;                            ///< [B, S, A], so far
  torch::Tensor energy;                          ///< [B, A], so far, by sentence
  std::vector<torch::Tensor> weights, contexts;  ///< α_i [B, S] and dc_i [B, C] of each step
};

/// B sentences that a decoder attends to at every step.
struct SharedAttention {
  torch::Tensor keys;    ///< U h_j + b [B, S, A]
  torch::Tensor energy;  ///< v [A]
  torch::Tensor values;  ///< h [B, S, C]
  torch::Tensor mask;    ///< bool [B, S], true at tokens
  c10::intrusive_ptr<AttentionGradients> gradients;
};

/// For additive_attention(): the tensors it returns stand for the given ones in the graph.
SharedAttention share_attention(const AttentionStep& source);

/// attention_step() of query n over sentence n, differentiable in the query W q [B, A] and in what
/// share_attention() was given.
AttentionStepOutput additive_attention(const torch::Tensor& query, const SharedAttention& source);

}  // namespace weft::kernels

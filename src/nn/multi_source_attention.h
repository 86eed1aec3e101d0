#pragma once
// Attention over several sources, which looks like attention over one.

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "nn/attention.h"

namespace weft {

/// An attention for each of K sources, asked with the same query q, and what makes their contexts
/// c^1 ... c^K one. With kConcat (Zoph & Knight 2016, arXiv:1601.00710, section 3.3):
///   c = W [c^1 ; ... ; c^K]
/// With kHierarchical (Libovický & Helcl 2017, arXiv:1704.06567, equations 7 to 9), it attends to
/// the contexts in their turn:
///   e^k = v^T tanh(W_b q + U_b^k c^k),   beta = softmax(e),   c = sum_k beta^k U_c^k c^k
/// The annotations [B, S, C] are those of all sources one behind the other, and so are the weights:
/// each source's sum to 1. The first attention's parameters are registered as its own.
class MultiSourceAttentionImpl : public AttentionImpl {
 public:
  MultiSourceAttentionImpl(const AttentionOptions& options, const AttentionWidths& widths,
                           int64_t sources);
  void initialize() override;
  AttentionMemory precompute(const ComputeContext& compute, const torch::Tensor& annotations,
                             const torch::Tensor& mask, const torch::Tensor& fixed,
                             const std::vector<int64_t>& sections) override;
  AttentionState start(const torch::Tensor& annotations,
                       const std::vector<int64_t>& sections) const override;
  AttentionOutput forward(const ComputeContext& compute, const torch::Tensor& query,
                          const AttentionState& state, const AttentionMemory& memory) override;
  AttentionWork work() const override;
  /// Its contexts are linear maps of means, not means.
  bool averages_values() const override { return false; }

 private:
  /// query [N, Q], contexts of each source [N, C] -> [N, C]
  torch::Tensor combine(const ComputeContext& compute, const torch::Tensor& query,
                        const std::vector<torch::Tensor>& contexts);

  std::vector<Attention> others_;  // of the sources that are not its own
  Linear combination_{nullptr};    // kConcat: W
  Linear query_map_{nullptr};      // kHierarchical: W_b, and for each source U_b, U_c
  std::vector<Linear> context_keys_, context_values_;
  torch::Tensor energy_;  // v [A]
};

/// The attention of a decoder that reads this many sources.
Attention make_attention(const AttentionOptions& options, const AttentionWidths& widths,
                         int64_t sources);

}  // namespace weft

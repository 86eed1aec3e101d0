#pragma once
// A score without a query.

#include <cstdint>

#include "nn/attention_score.h"
#include "nn/linear.h"

namespace weft {

/// Feed-forward attention. Raffel & Ellis 2015 (arXiv:1512.08756), section 1.1:
///   e_j = tanh(w^T h_j + b)
/// The context is a learned average of the annotations, the same at every step. Head k has a w and
/// b of its own.
class FeedForwardScoreImpl : public AttentionScoreImpl {
 public:
  FeedForwardScoreImpl(const AttentionWidths& widths, int64_t heads);
  void initialize() override { energy_->initialize(); }
  int64_t key_width() const override { return energy_->weight.size(0); }
  AttentionWork work() const override { return {energy_->weight.numel(), 0, 0}; }
  /// Keys are the energies [B, S, K].
  torch::Tensor precompute(const ComputeContext& compute,
                           const torch::Tensor& annotations) override;
  torch::Tensor energies(const ComputeContext& compute, const torch::Tensor& query,
                         const torch::Tensor& keys) override;

 private:
  Linear energy_;  // w, b
};

}  // namespace weft

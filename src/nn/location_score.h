#pragma once
// A score that does not look at the annotations.

#include <cstdint>

#include "nn/attention_score.h"
#include "nn/linear.h"

namespace weft {

/// Luong, Pham, Manning 2015 (arXiv:1508.04025), equation 8, "location":
///   e_j = (W q)_j,   j = 1 ... P
/// As there, annotations beyond the P-th are not looked at, and a shorter source takes the first
/// rows of W. Head k has a matrix of its own.
class LocationScoreImpl : public AttentionScoreImpl {
 public:
  /// For sources of up to `positions` (P).
  LocationScoreImpl(const AttentionWidths& widths, int64_t positions, int64_t heads);
  void initialize() override { energy_->initialize(); }
  int64_t key_width() const override { return 0; }
  AttentionWork work() const override { return {0, energy_->weight.numel(), 0}; }
  /// Keys are [B, S, 0]: all they tell is how many there are.
  torch::Tensor precompute(const ComputeContext& compute,
                           const torch::Tensor& annotations) override;
  torch::Tensor energies(const ComputeContext& compute, const torch::Tensor& query,
                         const torch::Tensor& keys) override;

 private:
  Linear energy_;  // W [K P, Q]
  int64_t positions_, heads_;
};

}  // namespace weft

#pragma once
// The additive score.

#include <cstdint>

#include "nn/attention_score.h"
#include "nn/linear.h"

namespace weft {

/// Bahdanau, Cho, Bengio 2015 (arXiv:1409.0473), appendix A.1.2; width A:
///   e_j = v^T tanh(W q + U h_j + b)
/// Head k sums over the k-th slice of A/K units.
class AdditiveScoreImpl : public AttentionScoreImpl {
 public:
  AdditiveScoreImpl(const AttentionWidths& widths, int64_t width, int64_t heads);
  void initialize() override;
  int64_t key_width() const override { return energy.size(0); }
  AttentionWork work() const override {
    return {key->weight.numel(), query->weight.numel(), energy.numel()};
  }
  torch::Tensor precompute(const ComputeContext& compute,
                           const torch::Tensor& annotations) override;
  torch::Tensor energies(const ComputeContext& compute, const torch::Tensor& query_rows,
                         const torch::Tensor& keys) override;

  Linear query{nullptr};  ///< W
  Linear key{nullptr};    ///< U, b
  torch::Tensor energy;   ///< v [A]

 private:
  int64_t heads_;
};

}  // namespace weft

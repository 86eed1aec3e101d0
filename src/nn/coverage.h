#pragma once
// Coverage: what attention has already looked at, so that it looks at everything once.

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>

#include "config/model_options.h"
#include "nn/attention_score.h"
#include "nn/linear.h"

namespace weft {

/// What an update reads, for N queries.
struct CoverageInput {
  torch::Tensor query;        ///< [N, Q]
  torch::Tensor weights;      ///< α [N, S], the mean of the heads
  torch::Tensor precomputed;  ///< what is precomputed for each query's annotations [N, S, ...]
};

/// Tu et al. 2016 (arXiv:1601.04811): the coverage C_{i-1,j} [N, S, D] of what the steps before i
/// have looked at enters the score of annotation j. Section 3.1 adds it inside the additive score:
///   e_ij = v^T tanh(W q + U h_j + V C_{i-1,j})
/// that is, V C is added to the key of j; so it is with every score that has keys.
class CoverageImpl : public torch::nn::Module {
 public:
  virtual void initialize();
  /// The part of updates that needs no query: annotations [B, S, C] -> [B, S, ...].
  virtual torch::Tensor precompute(const ComputeContext& compute,
                                   const torch::Tensor& annotations) = 0;
  /// C_i from C_{i-1} and step i.
  virtual torch::Tensor update(const ComputeContext& compute, const torch::Tensor& coverage,
                               const CoverageInput& input) = 0;
  virtual AttentionWork work() const = 0;
  /// C_0 = 0 [B, S, D], for annotations [B, S, C].
  torch::Tensor start(const torch::Tensor& annotations) const;
  /// V C: [N, S, D] -> [N, S, A].
  torch::Tensor key(const ComputeContext& compute, const torch::Tensor& coverage) {
    return key_(compute, coverage);
  }

 protected:
  /// `width` D, for keys of `key_width` A.
  CoverageImpl(int64_t width, int64_t key_width);

  Linear key_;  // V

 private:
  int64_t width_;
};

/// Linguistic coverage with fertility, section 3.1.1 there; D = 1:
///   C_ij = C_{i-1,j} + α_ij / Φ_j,   Φ_j = N σ(U h_j),   N = 2
class LinguisticCoverageImpl : public CoverageImpl {
 public:
  LinguisticCoverageImpl(const AttentionWidths& widths, int64_t key_width);
  void initialize() override;
  torch::Tensor precompute(const ComputeContext& compute,
                           const torch::Tensor& annotations) override;  // 1 / Φ [B, S, 1]
  torch::Tensor update(const ComputeContext& compute, const torch::Tensor& coverage,
                       const CoverageInput& input) override;
  AttentionWork work() const override {
    return {fertility_->weight.numel(), 0, key_->weight.numel()};
  }

 private:
  Linear fertility_;  // U
};

/// Neural coverage, section 3.1.2 there: C_ij = f(C_{i-1,j}; x), f a GRU of D units (equations in
/// recurrent_cell.h) that reads x = [α_ij; h_j; q]. Each of the three has its part of the gates.
class NeuralCoverageImpl : public CoverageImpl {
 public:
  NeuralCoverageImpl(const AttentionWidths& widths, int64_t width, int64_t key_width);
  void initialize() override;
  torch::Tensor precompute(const ComputeContext& compute,
                           const torch::Tensor& annotations) override;  // gates [B, S, 3D]
  torch::Tensor update(const ComputeContext& compute, const torch::Tensor& coverage,
                       const CoverageInput& input) override;
  AttentionWork work() const override {
    return {annotation_->weight.numel(), query_->weight.numel(),
            weight_->weight.numel() + state_->weight.numel() + key_->weight.numel()};
  }

 private:
  Linear state_;                        // U, c
  Linear weight_, annotation_, query_;  // W, in three parts, and b
};

using Coverage = std::shared_ptr<CoverageImpl>;

/// Null without coverage.
Coverage make_coverage(const AttentionOptions& options, const AttentionWidths& widths,
                       int64_t key_width);

}  // namespace weft

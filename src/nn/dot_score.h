#pragma once
// Scores that are inner products of a query with keys.

#include <cstdint>

#include "nn/attention_score.h"
#include "nn/linear.h"

namespace weft {

/// Luong, Pham, Manning 2015 (arXiv:1508.04025), section 3.1, "dot": e_j = q^T h_j.
/// Q = C. Head k takes the k-th slices of both.
class DotScoreImpl : public AttentionScoreImpl {
 public:
  DotScoreImpl(const AttentionWidths& widths, int64_t heads);
  void initialize() override {}
  int64_t key_width() const override { return width_; }
  AttentionWork work() const override { return {0, 0, width_}; }
  torch::Tensor precompute(const ComputeContext& /*compute*/,
                           const torch::Tensor& annotations) override {
    return annotations;
  }
  torch::Tensor energies(const ComputeContext& compute, const torch::Tensor& query,
                         const torch::Tensor& keys) override;

 private:
  int64_t width_, heads_;
};

/// The same, "general" (bilinear): e_j = q^T W h_j. Head k takes the k-th slices of q and of W h_j.
class GeneralScoreImpl : public AttentionScoreImpl {
 public:
  GeneralScoreImpl(const AttentionWidths& widths, int64_t heads);
  void initialize() override { key_->initialize(); }
  int64_t key_width() const override { return key_->weight.size(0); }
  AttentionWork work() const override { return {key_->weight.numel(), 0, key_width()}; }
  torch::Tensor precompute(const ComputeContext& compute,
                           const torch::Tensor& annotations) override {
    return key_(compute, annotations);
  }
  torch::Tensor energies(const ComputeContext& compute, const torch::Tensor& query,
                         const torch::Tensor& keys) override;

 private:
  Linear key_;  // W [Q, C]
  int64_t heads_;
};

/// Scaled dot product. Vaswani et al. 2017 (arXiv:1706.03762), section 3.2, with width A:
///   e_j = (W q)^T (U h_j) / sqrt(A)
/// Head k takes the k-th slices of W q and of U h_j, and is scaled by their width, A/K.
class ScaledDotScoreImpl : public AttentionScoreImpl {
 public:
  ScaledDotScoreImpl(const AttentionWidths& widths, int64_t width, int64_t heads);
  void initialize() override;
  int64_t key_width() const override { return key_->weight.size(0); }
  AttentionWork work() const override {
    return {key_->weight.numel(), query_->weight.numel(), key_width()};
  }
  torch::Tensor precompute(const ComputeContext& compute,
                           const torch::Tensor& annotations) override {
    return key_(compute, annotations);
  }
  torch::Tensor energies(const ComputeContext& compute, const torch::Tensor& query,
                         const torch::Tensor& keys) override;

 private:
  Linear query_, key_;  // W, U
  int64_t heads_;
  double scale_;
};

}  // namespace weft

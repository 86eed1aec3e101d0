#pragma once
// Which annotations a query may look at.

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>

#include "config/model_options.h"
#include "nn/attention_score.h"
#include "nn/linear.h"

namespace weft {

/// What a window lets N queries see of S annotations.
struct WindowView {
  torch::Tensor visible;  ///< bool [N, S]; every row has at least one
  torch::Tensor factor;   ///< multiplies the weights [N, S]; undefined: nothing does
};

/// What all windows share. Positions j count from 0.
class AttentionWindowImpl : public torch::nn::Module {
 public:
  virtual void initialize() {}
  /// query [N, Q], mask bool [N, S] (true at tokens), step int64 [N] (steps taken before).
  virtual WindowView look(const ComputeContext& compute, const torch::Tensor& query,
                          const torch::Tensor& mask, const torch::Tensor& step) = 0;
};

/// Global attention: every annotation.
class GlobalWindowImpl : public AttentionWindowImpl {
 public:
  WindowView look(const ComputeContext& compute, const torch::Tensor& query,
                  const torch::Tensor& mask, const torch::Tensor& step) override;
};

/// Local attention, monotonic ("local-m"). Luong, Pham, Manning 2015 (arXiv:1508.04025), section
/// 3.2: step t sees |j - p_t| <= D about
///   p_t = min(t, n - 1),   n the number of annotations
/// The minimum is not in the paper, which leaves open what a target longer than its source sees.
class MonotonicWindowImpl : public AttentionWindowImpl {
 public:
  explicit MonotonicWindowImpl(int64_t width) : width_(width) {}
  WindowView look(const ComputeContext& compute, const torch::Tensor& query,
                  const torch::Tensor& mask, const torch::Tensor& step) override;

 private:
  int64_t width_;  // D
};

/// Local attention, predictive ("local-p"), equations 9 and 10 there: sees |j - p_t| <= D about
///   p_t = n σ(v^T tanh(W q)),   and   α'_j = α_j exp(-(j - p_t)² / (2 σ²)),   σ = D / 2
/// As there, the weights α' are not normalised again: they sum to less than 1.
class PredictiveWindowImpl : public AttentionWindowImpl {
 public:
  /// W is [Q, Q].
  PredictiveWindowImpl(const AttentionWidths& widths, int64_t width);
  void initialize() override;
  WindowView look(const ComputeContext& compute, const torch::Tensor& query,
                  const torch::Tensor& mask, const torch::Tensor& step) override;

 private:
  Linear position_hidden_, position_;  // W, v
  int64_t width_;                      // D
};

using AttentionWindow = std::shared_ptr<AttentionWindowImpl>;

AttentionWindow make_attention_window(const AttentionOptions& options,
                                      const AttentionWidths& widths);

}  // namespace weft

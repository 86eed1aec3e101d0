#pragma once
// Cells with layer normalisation. Ba, Kiros, Hinton 2016 (arXiv:1607.06450), supplementary
// material.

#include "nn/gated_cell.h"

namespace weft {

/// What both cells share: in the place of W x + b and U h + c stand N_x = LN(W x; α, b) and
/// N_h = LN(U h; β, c), with the mean and the deviation of each row of gates
///   LN(a; gain, bias) = gain ⊙ (a - mean a) / sqrt(var a + 1e-5) + bias
/// A transition without input has N_x = b.
class LayerNormCellImpl : public GatedCellImpl {
 public:
  void initialize() override;
  /// W x; it is normalised when the step is taken, so that it stays linear in the input.
  torch::Tensor project(const ComputeContext& compute, const torch::Tensor& input) override;

  torch::Tensor gain_ih;  ///< α [G]; undefined without inputs
  torch::Tensor gain_hh;  ///< β [G]

 protected:
  LayerNormCellImpl(const CellSize& size, const GateCounts& gates);
  /// N_x of a span of gates, from W x [N, G] -> [N, span.width]. The span is normalised by itself.
  struct Span {
    int64_t from;
    int64_t width;
  };
  torch::Tensor input_part(const torch::Tensor& gates, const Span& span) const;
  /// N_h of a span of gates, from U h [N, G].
  torch::Tensor state_part(const torch::Tensor& product, const Span& span) const;
};

/// GRU with layer normalisation (the paper's second example): the sums of r and z are
/// normalised together, those of n by themselves.
///   r, z = σ(N_x + N_h),   n = tanh(N_x + r ⊙ N_h),   h' = (1 - z) ⊙ n + z ⊙ h
class LayerNormGruCellImpl : public LayerNormCellImpl {
 public:
  explicit LayerNormGruCellImpl(const CellSize& size)
      : LayerNormCellImpl(size, {3, 3, /*carry=*/1}) {}

 protected:
  torch::Tensor next_state(const ComputeContext& compute, const torch::Tensor& gates,
                           const torch::Tensor& state, const StateFactors& factors) override;
};

/// LSTM with layer normalisation (the paper's first example): the sums of i, f, g, o are
/// normalised together; the state is [h, c]:
///   i, f, o = σ(N_x + N_h),   g = tanh(N_x + N_h)
///   c' = f ⊙ c + i ⊙ g,       h' = o ⊙ tanh(LN(c'; γ, d))
class LayerNormLstmCellImpl : public LayerNormCellImpl {
 public:
  explicit LayerNormLstmCellImpl(const CellSize& size);
  void initialize() override;
  int64_t state_width() const override { return 2 * hidden(); }

  torch::Tensor gain_memory;  ///< γ [H]
  torch::Tensor bias_memory;  ///< d [H]

 protected:
  torch::Tensor next_state(const ComputeContext& compute, const torch::Tensor& gates,
                           const torch::Tensor& state, const StateFactors& factors) override;
};

}  // namespace weft

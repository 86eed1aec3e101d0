#pragma once
// Long short-term memory, and its multiplicative form.

#include "nn/gated_cell.h"

namespace weft {

/// Long short-term memory. Hochreiter & Schmidhuber 1997, with forget gate (Gers et al. 2000); the
/// state is [h, c]:
///   i = σ(W_i x + b_i + U_i h + c_i)      f = σ(W_f x + b_f + U_f h + c_f)
///   g = tanh(W_g x + b_g + U_g h + c_g)   o = σ(W_o x + b_o + U_o h + c_o)
///   c' = f ⊙ c + i ⊙ g                    h' = o ⊙ tanh(c')
class LstmCellImpl : public GatedCellImpl {
 public:
  explicit LstmCellImpl(const CellSize& size) : GatedCellImpl(size, {4, 4}) {}
  void initialize() override;
  torch::Tensor sequence(const ComputeContext& compute, const torch::Tensor& gates,
                         const torch::Tensor& initial, const torch::Tensor& mask,
                         Direction direction) override;
  torch::Tensor read(const ComputeContext& compute, const torch::Tensor& inputs,
                     const torch::Tensor& initial, const torch::Tensor& mask,
                     Direction direction) override;
  int64_t state_width() const override { return 2 * hidden(); }

 protected:
  torch::Tensor next_state(const ComputeContext& compute, const torch::Tensor& gates,
                           const torch::Tensor& state, const StateFactors& factors) override;
};

/// Multiplicative LSTM. Krause et al. 2016 (arXiv:1609.07959): every input has
/// a transition matrix of its own, in factors; the state is [h, c]:
///   m = (W_m x + b_m) ⊙ (U_m h)
/// and then an LSTM that reads m in the place of h. The paper has b_m = 0, and so the cell begins;
/// a transition without input begins with b_m = 1.
class MultiplicativeLstmCellImpl : public GatedCellImpl {
 public:
  explicit MultiplicativeLstmCellImpl(const CellSize& size);
  void initialize() override;
  int64_t state_width() const override { return 2 * hidden(); }

  torch::Tensor weight_mh;  ///< U_m [H, H]

 protected:
  torch::Tensor next_state(const ComputeContext& compute, const torch::Tensor& gates,
                           const torch::Tensor& state, const StateFactors& factors) override;
};

}  // namespace weft

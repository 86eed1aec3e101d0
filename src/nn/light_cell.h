#pragma once
// Light recurrence: no matrix is multiplied by the state, so every product of a sequence is done at
// once and what remains for each step is elementwise.

#include "nn/gated_cell.h"

namespace weft {

/// Simple recurrent unit. Lei et al. 2018 (arXiv:1709.02755), equations 1 to 4; the state is [h,
/// c]:
///   f = σ(W_f x + v_f ⊙ c + b_f)       r = σ(W_r x + v_r ⊙ c + b_r)
///   c' = f ⊙ c + (1 - f) ⊙ (W_c x + b_c)
///   h' = r ⊙ c' + (1 - r) ⊙ (W_h x + b_h)
/// The paper's highway connection carries x itself; x and h may differ in width here, and then its
/// authors use such a W_h too.
class SruCellImpl : public GatedCellImpl {
 public:
  explicit SruCellImpl(const CellSize& size);
  void initialize() override;
  torch::Tensor sequence(const ComputeContext& compute, const torch::Tensor& gates,
                         const torch::Tensor& initial, const torch::Tensor& mask,
                         Direction direction) override;
  torch::Tensor start(const torch::Tensor& hidden) const override;
  int64_t state_width() const override { return 2 * hidden(); }

  torch::Tensor peephole;  ///< v_f, v_r [2H]

 protected:
  torch::Tensor next_state(const ComputeContext& compute, const torch::Tensor& gates,
                           const torch::Tensor& state, const StateFactors& factors) override;
};

/// Simpler simple recurrent unit. Kim et al. 2019 (D19-5632), as in Marian; the state
/// is c, and its output ReLU(c):
///   f = σ(W_f x + b_f),   c' = f ⊙ c + (1 - f) ⊙ (W_c x + b_c)
class SsruCellImpl : public GatedCellImpl {
 public:
  explicit SsruCellImpl(const CellSize& size) : GatedCellImpl(size, {2, 0}) {}
  torch::Tensor sequence(const ComputeContext& compute, const torch::Tensor& gates,
                         const torch::Tensor& initial, const torch::Tensor& mask,
                         Direction direction) override;
  torch::Tensor output(const torch::Tensor& state) const override;

 protected:
  torch::Tensor next_state(const ComputeContext& compute, const torch::Tensor& gates,
                           const torch::Tensor& state, const StateFactors& factors) override;
};

}  // namespace weft

#pragma once
// Gated recurrent units.

#include "nn/gated_cell.h"

namespace weft {

/// Gated recurrent unit. Cho et al. 2014 (arXiv:1406.1078); the reset gate acts after the matrix
/// product, as in cuDNN:
///   r = σ(W_r x + b_r + U_r h + c_r)
///   z = σ(W_z x + b_z + U_z h + c_z)
///   n = tanh(W_n x + b_n + r ⊙ (U_n h + c_n))
///   h' = (1 - z) ⊙ n + z ⊙ h
class GruCellImpl : public GatedCellImpl {
 public:
  explicit GruCellImpl(const CellSize& size) : GatedCellImpl(size, {3, 3, /*carry=*/1}) {}
  torch::Tensor sequence(const ComputeContext& compute, const torch::Tensor& gates,
                         const torch::Tensor& initial, const torch::Tensor& mask,
                         Direction direction) override;
  torch::Tensor read(const ComputeContext& compute, const torch::Tensor& inputs,
                     const torch::Tensor& initial, const torch::Tensor& mask,
                     Direction direction) override;

 protected:
  torch::Tensor next_state(const ComputeContext& compute, const torch::Tensor& gates,
                           const torch::Tensor& state, const StateFactors& factors) override;
};

/// Gated recurrent unit as published. Cho et al. 2014 (arXiv:1406.1078), equations 5 to 8; the
/// reset gate acts before the matrix product, r and z as above:
///   n = tanh(W_n x + b_n + U_n (r ⊙ h) + c_n)
///   h' = (1 - z) ⊙ n + z ⊙ h
class GruResetBeforeCellImpl : public GatedCellImpl {
 public:
  explicit GruResetBeforeCellImpl(const CellSize& size)
      : GatedCellImpl(size, {3, 3, /*carry=*/1}) {}

 protected:
  torch::Tensor next_state(const ComputeContext& compute, const torch::Tensor& gates,
                           const torch::Tensor& state, const StateFactors& factors) override;
};

}  // namespace weft

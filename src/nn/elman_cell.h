#pragma once
// The simple recurrent network.

#include "nn/gated_cell.h"

namespace weft {

/// tanh RNN. Elman 1990, "Finding structure in time":
///   h' = tanh(W x + b + U h + c)
class ElmanCellImpl : public GatedCellImpl {
 public:
  explicit ElmanCellImpl(const CellSize& size) : GatedCellImpl(size, {1, 1}) {}

 protected:
  torch::Tensor next_state(const ComputeContext& compute, const torch::Tensor& gates,
                           const torch::Tensor& state, const StateFactors& factors) override;
};

}  // namespace weft

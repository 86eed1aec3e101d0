#include "nn/elman_cell.h"

#include <torch/types.h>

namespace weft {

torch::Tensor ElmanCellImpl::next_state(const ComputeContext& compute, const torch::Tensor& gates,
                                        const torch::Tensor& state, const StateFactors& factors) {
  return torch::tanh(gates + ops::state_gates(compute, {{}, state, weight_hh, bias_hh, factors}));
}

}  // namespace weft

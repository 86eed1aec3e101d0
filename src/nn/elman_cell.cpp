#include "nn/elman_cell.h"

#include <torch/types.h>

#include "nn/linear.h"

namespace weft {

torch::Tensor ElmanCellImpl::next_state(const torch::Tensor& gates, const torch::Tensor& state,
                                        const StateFactors& factors) {
  return torch::tanh(gates + state_gates(state, weight_hh, bias_hh, factors));
}

}  // namespace weft

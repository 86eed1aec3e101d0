#include "nn/elman_cell.h"

#include <torch/torch.h>

#include "nn/linear.h"

namespace weft {

torch::Tensor ElmanCellImpl::next_state(const torch::Tensor& gates, const torch::Tensor& state,
                                        const torch::Tensor& recurrent_mask) {
  return torch::tanh(gates + affine(masked(state, recurrent_mask), weight_hh, bias_hh));
}

}  // namespace weft

#include "nn/gru_cell.h"

#include <torch/types.h>

namespace weft {

torch::Tensor GruCellImpl::next_state(const ComputeContext& compute, const torch::Tensor& gates,
                                      const torch::Tensor& state, const StateFactors& factors) {
  return ops::gru_step(compute, {gates, state, weight_hh, bias_hh, factors});
}

torch::Tensor GruCellImpl::sequence(const ComputeContext& compute, const torch::Tensor& gates,
                                    const torch::Tensor& initial, const torch::Tensor& mask,
                                    Direction direction) {
  if (drops_recurrently())
    return RecurrentCellImpl::sequence(compute, gates, initial, mask, direction);
  return ops::gru_sequence(compute, {{gates, initial, weight_hh, bias_hh, mask}, direction});
}

torch::Tensor GruCellImpl::read(const ComputeContext& compute, const torch::Tensor& inputs,
                                const torch::Tensor& initial, const torch::Tensor& mask,
                                Direction direction) {
  if (drops_recurrently())
    return RecurrentCellImpl::read(compute, inputs, initial, mask, direction);
  return ops::gru_layer(compute,
                        {inputs, initial, weight_ih, weight_hh, bias_ih, bias_hh, mask, direction});
}

torch::Tensor GruResetBeforeCellImpl::next_state(const ComputeContext& compute,
                                                 const torch::Tensor& gates,
                                                 const torch::Tensor& state,
                                                 const StateFactors& factors) {
  const int64_t h = hidden();
  const auto part = [&](const torch::Tensor& read, int64_t from, int64_t width) {
    return ops::state_gates(
        compute,
        {{}, read, weight_hh.narrow(0, from, width), bias_hh.narrow(0, from, width), factors});
  };
  const auto of_state = part(state, 0, 2 * h);  // r, z [N, 2H]
  const auto both = torch::sigmoid(gates.narrow(1, 0, 2 * h) + of_state).chunk(2, 1);
  const auto reset = both[0], update = both[1];
  const auto candidate = torch::tanh(gates.narrow(1, 2 * h, h) + part(reset * state, 2 * h, h));
  return candidate + update * (state - candidate);
}

}  // namespace weft

#include "nn/gru_cell.h"

#include <ATen/ops/_thnn_fused_gru_cell.h>
#include <torch/types.h>

#include "kernels/gru_sequence.h"
#include "kernels/search_step.h"
#include "nn/cudnn_sequence.h"
#include "nn/fast_path.h"
#include "nn/linear.h"

namespace weft {

torch::Tensor GruCellImpl::next_state(const torch::Tensor& gates, const torch::Tensor& state,
                                      const StateFactors& factors) {
  if (use_search_kernels(gates) && !factors.any()) {
    return kernels::gru_step({gates, state, weight_hh, bias_hh}, current_precision());
  }
  if (use_kernels(gates) && !factors.any()) return step_as_sequence(gates, state);
  if (use_gpu_kernels(gates) && !factors.any()) {
    const auto of_state = affine(state, weight_hh, bias_hh);
    return std::get<0>(at::_thnn_fused_gru_cell(gates, of_state, state));
  }
  const auto x = gates.chunk(3, 1);  // r, z, n: [N, H] each
  const auto h = state_gates(state, weight_hh, bias_hh, factors).chunk(3, 1);
  const auto reset = torch::sigmoid(x[0] + h[0]);
  const auto update = torch::sigmoid(x[1] + h[1]);
  const auto candidate = torch::tanh(x[2] + reset * h[2]);
  return candidate + update * (state - candidate);
}

torch::Tensor GruCellImpl::step_as_sequence(const torch::Tensor& gates,
                                            const torch::Tensor& state) const {
  const auto all = torch::ones({gates.size(0), 1}, gates.options().dtype(torch::kBool));
  return kernels::gru_sequence({gates.unsqueeze(1), state, weight_hh, bias_hh, all},
                               Direction::kForward, current_precision())
      .select(1, 0);
}

torch::Tensor GruCellImpl::sequence(const torch::Tensor& gates, const torch::Tensor& initial,
                                    const torch::Tensor& mask, Direction direction) {
  if (!use_kernels(gates) || drops_recurrently())
    return RecurrentCellImpl::sequence(gates, initial, mask, direction);
  return kernels::gru_sequence({gates, initial, weight_hh, bias_hh, mask}, direction,
                               current_precision());
}

torch::Tensor GruCellImpl::read(const torch::Tensor& inputs, const torch::Tensor& initial,
                                const torch::Tensor& mask, Direction direction) {
  if (!use_cudnn(inputs) || drops_recurrently())
    return RecurrentCellImpl::read(inputs, initial, mask, direction);
  return cudnn_sequence({inputs, initial, {}, weight_ih, weight_hh, bias_ih, bias_hh, mask},
                        direction, current_precision());
}

torch::Tensor GruResetBeforeCellImpl::next_state(const torch::Tensor& gates,
                                                 const torch::Tensor& state,
                                                 const StateFactors& factors) {
  const int64_t h = hidden();
  const auto part = [&](const torch::Tensor& read, int64_t from, int64_t width) {
    return state_gates(read, weight_hh.narrow(0, from, width), bias_hh.narrow(0, from, width),
                       factors);
  };
  const auto of_state = part(state, 0, 2 * h);  // r, z [N, 2H]
  const auto both = torch::sigmoid(gates.narrow(1, 0, 2 * h) + of_state).chunk(2, 1);
  const auto reset = both[0], update = both[1];
  const auto candidate = torch::tanh(gates.narrow(1, 2 * h, h) + part(reset * state, 2 * h, h));
  return candidate + update * (state - candidate);
}

}  // namespace weft

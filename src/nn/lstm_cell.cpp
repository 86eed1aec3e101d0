#include "nn/lstm_cell.h"

#include <ATen/ops/_thnn_fused_lstm_cell.h>
#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "kernels/lstm_sequence.h"
#include "kernels/search_step.h"
#include "nn/cudnn_sequence.h"
#include "nn/fast_path.h"
#include "nn/linear.h"

namespace weft {

torch::Tensor lstm_state(const torch::Tensor& sums, const torch::Tensor& memory) {
  const auto sum = sums.chunk(4, 1);  // i, f, g, o: [N, H] each
  const auto next = torch::sigmoid(sum[1]) * memory + torch::sigmoid(sum[0]) * torch::tanh(sum[2]);
  return torch::cat({torch::sigmoid(sum[3]) * torch::tanh(next), next}, 1);  // [N, 2H]
}

void LstmCellImpl::initialize() {
  GatedCellImpl::initialize();
  // A forget gate that starts open lets gradients reach far back (Jozefowicz et al. 2015).
  torch::NoGradGuard no_grad;
  bias_ih.narrow(0, hidden(), hidden()).fill_(1);
}

torch::Tensor LstmCellImpl::next_state(const torch::Tensor& gates, const torch::Tensor& state,
                                       const StateFactors& factors) {
  if (use_search_kernels(gates) && !factors.any()) {
    return kernels::lstm_step({gates, state, weight_hh, bias_hh}, current_precision());
  }
  if (use_kernels(gates) && !factors.any()) return step_as_sequence(gates, state);
  const auto parts = state.chunk(2, 1);  // h, c: [N, H] each
  if (use_gpu_kernels(gates) && !factors.any()) {
    const auto of_state = affine(parts[0], weight_hh, bias_hh);
    const auto next = at::_thnn_fused_lstm_cell(gates, of_state, parts[1]);
    return torch::cat({std::get<0>(next), std::get<1>(next)}, 1);
  }
  return lstm_state(gates + state_gates(parts[0], weight_hh, bias_hh, factors), parts[1]);
}

torch::Tensor LstmCellImpl::sequence(const torch::Tensor& gates, const torch::Tensor& initial,
                                     const torch::Tensor& mask, Direction direction) {
  if (!use_kernels(gates) || drops_recurrently())
    return RecurrentCellImpl::sequence(gates, initial, mask, direction);
  return kernels::lstm_sequence({gates, initial, weight_hh, bias_hh, mask}, direction,
                                current_precision());
}

torch::Tensor LstmCellImpl::read(const torch::Tensor& inputs, const torch::Tensor& initial,
                                 const torch::Tensor& mask, Direction direction) {
  if (!use_cudnn(inputs) || drops_recurrently())
    return RecurrentCellImpl::read(inputs, initial, mask, direction);
  const auto parts = initial.chunk(2, 1);  // h, c: [B, H] each
  return cudnn_sequence({inputs, parts[0], parts[1], weight_ih, weight_hh, bias_ih, bias_hh, mask},
                        direction, current_precision());
}

torch::Tensor LstmCellImpl::step_as_sequence(const torch::Tensor& gates,
                                             const torch::Tensor& state) const {
  const auto all = torch::ones({gates.size(0), 1}, gates.options().dtype(torch::kBool));
  return kernels::lstm_sequence({gates.unsqueeze(1), state, weight_hh, bias_hh, all},
                                Direction::kForward, current_precision())
      .select(1, 0);
}

// The input's blocks are i, f, g, o, m; the state's i, f, g, o.
MultiplicativeLstmCellImpl::MultiplicativeLstmCellImpl(const CellSize& size)
    : GatedCellImpl(size, {5, 4}),
      weight_mh(register_parameter("weight_mh", torch::empty({size.hidden, size.hidden}))) {}

void MultiplicativeLstmCellImpl::initialize() {
  GatedCellImpl::initialize();
  torch::NoGradGuard no_grad;
  torch::nn::init::orthogonal_(weight_mh);
  bias_ih.narrow(0, hidden(), hidden()).fill_(1);  // the forget gate, as in the LSTM
  if (!weight_ih.defined()) bias_ih.narrow(0, 4 * hidden(), hidden()).fill_(1);
}

torch::Tensor MultiplicativeLstmCellImpl::next_state(const torch::Tensor& gates,
                                                     const torch::Tensor& state,
                                                     const StateFactors& factors) {
  const int64_t h = hidden();
  const auto parts = state.chunk(2, 1);  // h, c: [N, H] each
  const auto factor = gates.narrow(1, 4 * h, h) *
                      affine(masked(parts[0], factors.before), weight_mh, {});  // m [N, H]
  return lstm_state(
      gates.narrow(1, 0, 4 * h) + state_gates(factor, weight_hh, bias_hh, {{}, factors.after}),
      parts[1]);
}

}  // namespace weft

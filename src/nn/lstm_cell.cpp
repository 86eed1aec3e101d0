#include "nn/lstm_cell.h"

#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "nn/new_parameter.h"
#include "ops/affine.h"

namespace weft {

void LstmCellImpl::initialize() {
  GatedCellImpl::initialize();
  // A forget gate that starts open lets gradients reach far back (Jozefowicz et al. 2015).
  torch::NoGradGuard no_grad;
  bias_ih.narrow(0, hidden(), hidden()).fill_(1);
}

torch::Tensor LstmCellImpl::next_state(const ComputeContext& compute, const torch::Tensor& gates,
                                       const torch::Tensor& state, const StateFactors& factors) {
  return ops::lstm_step(compute, {gates, state, weight_hh, bias_hh, factors});
}

torch::Tensor LstmCellImpl::sequence(const ComputeContext& compute, const torch::Tensor& gates,
                                     const torch::Tensor& initial, const torch::Tensor& mask,
                                     Direction direction) {
  if (drops_recurrently())
    return RecurrentCellImpl::sequence(compute, gates, initial, mask, direction);
  return ops::lstm_sequence(compute, {{gates, initial, weight_hh, bias_hh, mask}, direction});
}

torch::Tensor LstmCellImpl::read(const ComputeContext& compute, const torch::Tensor& inputs,
                                 const torch::Tensor& initial, const torch::Tensor& mask,
                                 Direction direction) {
  if (drops_recurrently())
    return RecurrentCellImpl::read(compute, inputs, initial, mask, direction);
  return ops::lstm_layer(
      compute, {inputs, initial, weight_ih, weight_hh, bias_ih, bias_hh, mask, direction});
}

// The input's blocks are i, f, g, o, m; the state's i, f, g, o.
MultiplicativeLstmCellImpl::MultiplicativeLstmCellImpl(const CellSize& size)
    : GatedCellImpl(size, {5, 4}),
      weight_mh(register_parameter("weight_mh", new_parameter({size.hidden, size.hidden}))) {}

void MultiplicativeLstmCellImpl::initialize() {
  GatedCellImpl::initialize();
  torch::NoGradGuard no_grad;
  torch::nn::init::orthogonal_(weight_mh);
  bias_ih.narrow(0, hidden(), hidden()).fill_(1);  // the forget gate, as in the LSTM
  if (!weight_ih.defined()) bias_ih.narrow(0, 4 * hidden(), hidden()).fill_(1);
}

torch::Tensor MultiplicativeLstmCellImpl::next_state(const ComputeContext& compute,
                                                     const torch::Tensor& gates,
                                                     const torch::Tensor& state,
                                                     const StateFactors& factors) {
  const int64_t h = hidden();
  const auto parts = state.chunk(2, 1);  // h, c: [N, H] each
  const auto factor =
      gates.narrow(1, 4 * h, h) *
      ops::affine(compute, {masked(parts[0], factors.before), weight_mh, {}});  // m [N, H]
  const auto of_state =
      ops::state_gates(compute, {{}, factor, weight_hh, bias_hh, {{}, factors.after}});
  return ops::lstm_state(gates.narrow(1, 0, 4 * h) + of_state, parts[1]);
}

}  // namespace weft

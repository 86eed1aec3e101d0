#include "nn/layer_norm_cell.h"

#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "nn/new_parameter.h"
#include "ops/affine.h"

namespace weft {
namespace {

/// LN(x; gain, bias) over the last dimension.
torch::Tensor normalize(const torch::Tensor& x, const torch::Tensor& gain,
                        const torch::Tensor& bias) {
  constexpr double kEpsilon = 1e-5;
  return torch::layer_norm(x, {x.size(-1)}, gain, bias, kEpsilon);
}

}  // namespace

LayerNormCellImpl::LayerNormCellImpl(const CellSize& size, const GateCounts& gates)
    : GatedCellImpl(size, gates),
      gain_hh(register_parameter("gain_hh", new_parameter({gates.state * size.hidden}))) {
  if (size.inputs > 0) {
    gain_ih = register_parameter("gain_ih", new_parameter({gates.input * size.hidden}));
  }
}

void LayerNormCellImpl::initialize() {
  GatedCellImpl::initialize();
  torch::NoGradGuard no_grad;
  if (gain_ih.defined()) gain_ih.fill_(1);
  gain_hh.fill_(1);
}

torch::Tensor LayerNormCellImpl::project(const ComputeContext& compute,
                                         const torch::Tensor& input) {
  return ops::affine(compute, {input, weight_ih, {}});
}

torch::Tensor LayerNormCellImpl::input_part(const torch::Tensor& gates, const Span& span) const {
  const auto part = gates.narrow(1, span.from, span.width);
  if (!weight_ih.defined()) return part;  // b itself: see project_nothing()
  return normalize(part, gain_ih.narrow(0, span.from, span.width),
                   bias_ih.narrow(0, span.from, span.width));
}

torch::Tensor LayerNormCellImpl::state_part(const torch::Tensor& product, const Span& span) const {
  return normalize(product.narrow(1, span.from, span.width),
                   gain_hh.narrow(0, span.from, span.width),
                   bias_hh.narrow(0, span.from, span.width));
}

torch::Tensor LayerNormGruCellImpl::next_state(const ComputeContext& compute,
                                               const torch::Tensor& gates,
                                               const torch::Tensor& state,
                                               const StateFactors& factors) {
  const Span reset_and_update{0, 2 * hidden()}, of_candidate{2 * hidden(), hidden()};
  const auto product =
      ops::affine(compute, {masked(state, factors.before), weight_hh, {}});  // U h [N, 3H]
  const auto both =
      torch::sigmoid(input_part(gates, reset_and_update) +
                     scaled_blocks(state_part(product, reset_and_update), factors.after))
          .chunk(2, 1);
  const auto reset = both[0], update = both[1];
  const auto candidate =
      torch::tanh(input_part(gates, of_candidate) +
                  reset * scaled_blocks(state_part(product, of_candidate), factors.after));
  return candidate + update * (state - candidate);
}

LayerNormLstmCellImpl::LayerNormLstmCellImpl(const CellSize& size)
    : LayerNormCellImpl(size, {4, 4}),
      gain_memory(register_parameter("gain_memory", new_parameter({size.hidden}))),
      bias_memory(register_parameter("bias_memory", new_parameter({size.hidden}))) {}

void LayerNormLstmCellImpl::initialize() {
  LayerNormCellImpl::initialize();
  torch::NoGradGuard no_grad;
  bias_ih.narrow(0, hidden(), hidden()).fill_(1);  // the forget gate, as in the LSTM
  gain_memory.fill_(1);
  bias_memory.zero_();
}

torch::Tensor LayerNormLstmCellImpl::next_state(const ComputeContext& compute,
                                                const torch::Tensor& gates,
                                                const torch::Tensor& state,
                                                const StateFactors& factors) {
  const Span all{0, gate_width()};
  const auto parts = state.chunk(2, 1);  // h, c: [N, H] each
  const auto product =
      ops::affine(compute, {masked(parts[0], factors.before), weight_hh, {}});  // U h [N, 4H]
  const auto sum = (input_part(gates, all) + scaled_blocks(state_part(product, all), factors.after))
                       .chunk(4, 1);  // i, f, g, o
  const auto memory =
      torch::sigmoid(sum[1]) * parts[1] + torch::sigmoid(sum[0]) * torch::tanh(sum[2]);
  const auto output =
      torch::sigmoid(sum[3]) * torch::tanh(normalize(memory, gain_memory, bias_memory));
  return torch::cat({output, memory}, 1);  // [N, 2H]
}

}  // namespace weft

#include "ops/gpu_cells.h"

#include <ATen/ops/_cudnn_rnn.h>
#include <ATen/ops/_thnn_fused_gru_cell.h>
#include <ATen/ops/_thnn_fused_lstm_cell.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <vector>

#include "ops/affine.h"

namespace weft::ops {
namespace {

using torch::Tensor;

/// cuDNN's numbers for cells.
enum class CudnnCell : int64_t { kLstm = 2, kGru = 3 };

/// x [B, S, D] with the rows of each sentence taken from `positions` [B, S].
Tensor at_positions(const Tensor& x, const Tensor& positions) {
  return x.gather(1, positions.unsqueeze(2).expand({-1, -1, x.size(2)}));
}

std::vector<Tensor> in_types(const CellLayer& s, torch::ScalarType type) {
  return {s.weight_ih.to(type), s.weight_hh.to(type), s.bias_ih.to(type), s.bias_hh.to(type)};
}

/// The weights of a layer as cuDNN keeps them, which would otherwise make a copy by itself, and
/// LibTorch complain of it.
Tensor side_by_side(const std::vector<Tensor>& weights) {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> flat;
  for (const auto& weight : weights) flat.push_back(weight.detach().flatten());
  return torch::cat(flat);
}

/// All steps from left to right, padding read like any token.
Tensor run(const CellLayer& s, CudnnCell cell, const Tensor& input, torch::ScalarType type) {
  const auto in_type = [type](const Tensor& x) { return x.to(type); };
  const auto parts = s.initial.split(s.weight_hh.size(1), 1);  // h, and c of an LSTM [B, H]
  const auto state = [&](const Tensor& x) { return in_type(x).unsqueeze(0).contiguous(); };
  const auto memory = cell == CudnnCell::kLstm ? state(parts[1]) : Tensor();
  constexpr int64_t kWeightsOfALayer = 4, kLayers = 1, kNoProjection = 0;
  constexpr bool kBatchFirst = true, kBidirectional = false;
  constexpr double kNoDropout = 0;
  const auto weights = in_types(s, type);
  const auto output =
      at::_cudnn_rnn(in_type(input).contiguous(), weights, kWeightsOfALayer, side_by_side(weights),
                     state(parts[0]), memory, static_cast<int64_t>(cell), s.weight_hh.size(1),
                     kNoProjection, kLayers, kBatchFirst, kNoDropout,
                     /*train=*/torch::GradMode::is_enabled(), kBidirectional, /*batch_sizes=*/{},
                     /*dropout_state=*/{});
  return std::get<0>(output).to(torch::kFloat32);
}

// cuDNN reads padding like any token. What comes before it in the order of reading must be the
// tokens, so a sentence that is read from its end is turned around by itself, and what was read
// after them does not count.
Tensor layer_of(const ComputeContext& compute, const CellLayer& s, CudnnCell cell) {
  const auto type = compute.precision == Precision::kBfloat16 ? torch::kBFloat16 : torch::kFloat32;
  const auto position = torch::arange(s.mask.size(1), s.mask.options().dtype(torch::kInt64));
  const auto last = s.mask.sum(1, /*keepdim=*/true) - 1;  // [B, 1]
  if (s.direction == Direction::kForward)
    return at_positions(run(s, cell, s.inputs, type), torch::minimum(position.unsqueeze(0), last));
  const auto mirrored = (last - position).clamp_min(0);  // [B, S]
  const auto output = at_positions(run(s, cell, at_positions(s.inputs, mirrored), type), mirrored);
  return torch::where(s.mask.unsqueeze(2), output,
                      s.initial.narrow(1, 0, s.weight_hh.size(1)).unsqueeze(1));
}

}  // namespace

Tensor fused_gru_step(const ComputeContext& compute, const CellStep& step) {
  const auto of_state = affine(compute, {step.state, step.weight_hh, step.bias_hh});
  return std::get<0>(at::_thnn_fused_gru_cell(step.input_gates, of_state, step.state));
}

Tensor fused_lstm_step(const ComputeContext& compute, const CellStep& step) {
  const auto parts = step.state.chunk(2, 1);  // h, c: [N, H] each
  const auto of_state = affine(compute, {parts[0], step.weight_hh, step.bias_hh});
  const auto next = at::_thnn_fused_lstm_cell(step.input_gates, of_state, parts[1]);
  return torch::cat({std::get<0>(next), std::get<1>(next)}, 1);
}

Tensor cudnn_gru(const ComputeContext& compute, const CellLayer& layer) {
  return layer_of(compute, layer, CudnnCell::kGru);
}

Tensor cudnn_lstm(const ComputeContext& compute, const CellLayer& layer) {
  return layer_of(compute, layer, CudnnCell::kLstm);
}

}  // namespace weft::ops

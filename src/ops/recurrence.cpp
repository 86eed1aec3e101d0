#include "ops/recurrence.h"

#include <torch/types.h>

#include <vector>

#include "kernels/search_step.h"
#include "ops/affine.h"
#include "ops/gpu_cells.h"

namespace weft {

torch::Tensor scaled_blocks(const torch::Tensor& x, const torch::Tensor& factor) {
  if (!factor.defined()) return x;
  return (x.unflatten(1, {-1, factor.size(1)}) * factor.unsqueeze(1)).flatten(1);
}

namespace ops {
namespace {

using torch::Tensor;

// ---- one step

bool steps_in_search(const ComputeContext& compute, const CellStep& step) {
  return is_for_search(compute, step.input_gates) && !step.factors.any();
}

bool steps_on_cpu(const ComputeContext& compute, const CellStep& step) {
  return is_for_cpu(compute, step.input_gates) && !step.factors.any();
}

bool steps_on_gpu(const ComputeContext& compute, const CellStep& step) {
  return is_for_gpu(compute, step.input_gates) && !step.factors.any();
}

template <auto kStep>
Tensor search_step(const ComputeContext& compute, const CellStep& step) {
  return kStep({step.input_gates, step.state, step.weight_hh, step.bias_hh}, compute);
}

/// In training: a sequence of one, in one kernel with its gradient.
template <auto kSequence>
Tensor sequence_of_one(const ComputeContext& compute, const CellStep& step) {
  const auto all =
      torch::ones({step.input_gates.size(0), 1}, step.input_gates.options().dtype(torch::kBool));
  return kSequence({step.input_gates.unsqueeze(1), step.state, step.weight_hh, step.bias_hh, all},
                   Direction::kForward, compute)
      .select(1, 0);
}

Tensor plain_gru_step(const ComputeContext& compute, const CellStep& step) {
  const auto x = step.input_gates.chunk(3, 1);  // r, z, n: [N, H] each
  const auto h = state_gates(compute, step).chunk(3, 1);
  const auto reset = torch::sigmoid(x[0] + h[0]);
  const auto update = torch::sigmoid(x[1] + h[1]);
  const auto candidate = torch::tanh(x[2] + reset * h[2]);
  return candidate + update * (step.state - candidate);
}

Tensor plain_lstm_step(const ComputeContext& compute, const CellStep& step) {
  const auto parts = step.state.chunk(2, 1);  // h, c: [N, H] each
  const auto of_state =
      state_gates(compute, {{}, parts[0], step.weight_hh, step.bias_hh, step.factors});
  return lstm_state(step.input_gates + of_state, parts[1]);
}

constexpr Backend<Tensor, CellStep> kGruStep[] = {
    {"search", steps_in_search, search_step<kernels::gru_step>},
    {"cpu", steps_on_cpu, sequence_of_one<kernels::gru_sequence>},
    {"gpu", steps_on_gpu, fused_gru_step},
    {"plain", always, plain_gru_step},
};

constexpr Backend<Tensor, CellStep> kLstmStep[] = {
    {"search", steps_in_search, search_step<kernels::lstm_step>},
    {"cpu", steps_on_cpu, sequence_of_one<kernels::lstm_sequence>},
    {"gpu", steps_on_gpu, fused_lstm_step},
    {"plain", always, plain_lstm_step},
};

// ---- all steps

bool reads_on_cpu(const ComputeContext& compute, const CellSequence& sequence) {
  return is_for_cpu(compute, sequence.input_gates);
}

template <auto kSequence>
Tensor cpu_sequence(const ComputeContext& compute, const CellSequence& sequence) {
  return kSequence(sequence, sequence.direction, compute);
}

template <const auto& kStep>
Tensor plain_sequence(const ComputeContext& compute, const CellSequence& sequence) {
  return stepwise(sequence, [&](const Tensor& gates, const Tensor& state) {
    return kStep(compute, {gates, state, sequence.weight_hh, sequence.bias_hh});
  });
}

constexpr Backend<Tensor, CellSequence> kGruSequence[] = {
    {"cpu", reads_on_cpu, cpu_sequence<kernels::gru_sequence>},
    {"plain", always, plain_sequence<gru_step>},
};

constexpr Backend<Tensor, CellSequence> kLstmSequence[] = {
    {"cpu", reads_on_cpu, cpu_sequence<kernels::lstm_sequence>},
    {"plain", always, plain_sequence<lstm_step>},
};

// ---- layers

bool reads_with_cudnn(const ComputeContext& compute, const CellLayer& layer) {
  return is_for_cudnn(compute, layer.inputs);
}

template <const auto& kSequence>
Tensor plain_layer(const ComputeContext& compute, const CellLayer& layer) {
  const auto gates = affine(compute, {layer.inputs, layer.weight_ih, layer.bias_ih});
  const auto states = kSequence(
      compute,
      {{gates, layer.initial, layer.weight_hh, layer.bias_hh, layer.mask}, layer.direction});
  return states.narrow(2, 0, layer.weight_hh.size(1));
}

constexpr Backend<Tensor, CellLayer> kGruLayer[] = {
    {"cudnn", reads_with_cudnn, cudnn_gru},
    {"plain", always, plain_layer<gru_sequence>},
};

constexpr Backend<Tensor, CellLayer> kLstmLayer[] = {
    {"cudnn", reads_with_cudnn, cudnn_lstm},
    {"plain", always, plain_layer<lstm_sequence>},
};

}  // namespace

constinit const Op<Tensor, CellStep> gru_step{kGruStep};
constinit const Op<Tensor, CellStep> lstm_step{kLstmStep};
constinit const Op<Tensor, CellSequence> gru_sequence{kGruSequence};
constinit const Op<Tensor, CellSequence> lstm_sequence{kLstmSequence};
constinit const Op<Tensor, CellLayer> gru_layer{kGruLayer};
constinit const Op<Tensor, CellLayer> lstm_layer{kLstmLayer};

Tensor state_gates(const ComputeContext& compute, const CellStep& step) {
  const auto product =
      affine(compute, {masked(step.state, step.factors.before), step.weight_hh, step.bias_hh});
  return scaled_blocks(product, step.factors.after);
}

Tensor lstm_state(const Tensor& sums, const Tensor& memory) {
  const auto sum = sums.chunk(4, 1);  // i, f, g, o: [N, H] each
  const auto next = torch::sigmoid(sum[1]) * memory + torch::sigmoid(sum[0]) * torch::tanh(sum[2]);
  return torch::cat({torch::sigmoid(sum[3]) * torch::tanh(next), next}, 1);  // [N, 2H]
}

Tensor stepwise(const CellSequence& sequence, const StepFunction& step) {
  const int64_t length = sequence.input_gates.size(1);
  std::vector<Tensor> states(static_cast<std::size_t>(length));
  const auto keep = sequence.mask.unsqueeze(2);       // [B, S, 1]
  const auto gates = sequence.input_gates.unbind(1);  // [B, G]: gradients are joined at once
  auto state = sequence.initial;                      // [B, W]
  for (int64_t i = 0; i < length; ++i) {
    const int64_t t = sequence.direction == Direction::kForward ? i : length - 1 - i;
    const auto next = step(gates[static_cast<std::size_t>(t)], state);
    state = torch::where(keep.select(1, t), next, state);
    states[static_cast<std::size_t>(t)] = state;
  }
  return torch::stack(states, 1);  // [B, S, W]
}

}  // namespace ops
}  // namespace weft

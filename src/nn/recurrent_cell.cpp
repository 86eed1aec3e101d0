#include "nn/recurrent_cell.h"

#include <torch/torch.h>

#include <vector>

#include "kernels/gru_sequence.h"
#include "kernels/lstm_sequence.h"
#include "kernels/search_step.h"
#include "nn/fast_path.h"
#include "nn/linear.h"

namespace weft {

RecurrentCellImpl::RecurrentCellImpl(int64_t inputs, int64_t hidden, int64_t gates)
    : weight_ih(register_parameter("weight_ih", torch::empty({gates * hidden, inputs}))),
      weight_hh(register_parameter("weight_hh", torch::empty({gates * hidden, hidden}))),
      bias_ih(register_parameter("bias_ih", torch::empty({gates * hidden}))),
      bias_hh(register_parameter("bias_hh", torch::empty({gates * hidden}))),
      hidden_(hidden),
      gates_(gates) {}

void RecurrentCellImpl::initialize() {
  torch::NoGradGuard no_grad;
  for (auto& gate : weight_ih.chunk(gates_)) torch::nn::init::xavier_uniform_(gate);
  // Orthogonal recurrent weights keep the norm of a state over many steps (Saxe et al. 2014,
  // arXiv:1312.6120).
  for (auto& gate : weight_hh.chunk(gates_)) torch::nn::init::orthogonal_(gate);
  bias_ih.zero_();
  bias_hh.zero_();
}

torch::Tensor RecurrentCellImpl::project(const torch::Tensor& input) {
  return affine(input, weight_ih, bias_ih);
}

torch::Tensor RecurrentCellImpl::sequence(const torch::Tensor& gates, const torch::Tensor& initial,
                                          const torch::Tensor& mask, Direction direction) {
  const int64_t length = gates.size(1);
  std::vector<torch::Tensor> states(static_cast<std::size_t>(length));
  const auto keep = mask.unsqueeze(2);  // [B, S, 1]
  torch::Tensor state = initial;        // [B, W]
  for (int64_t i = 0; i < length; ++i) {
    const int64_t t = direction == Direction::kForward ? i : length - 1 - i;
    state = torch::where(keep.select(1, t), step(gates.select(1, t), state), state);
    states[static_cast<std::size_t>(t)] = state;
  }
  return torch::stack(states, 1);  // [B, S, W]
}

GruCellImpl::GruCellImpl(int64_t inputs, int64_t hidden) : RecurrentCellImpl(inputs, hidden, 3) {}

torch::Tensor GruCellImpl::step(const torch::Tensor& gates, const torch::Tensor& state) {
  if (use_search_kernels(gates)) {
    return kernels::gru_step({gates, state, weight_hh, bias_hh}, current_precision());
  }
  const auto x = gates.chunk(3, 1);  // r, z, n: [N, H] each
  const auto h = affine(state, weight_hh, bias_hh).chunk(3, 1);
  const auto reset = torch::sigmoid(x[0] + h[0]);
  const auto update = torch::sigmoid(x[1] + h[1]);
  const auto candidate = torch::tanh(x[2] + reset * h[2]);
  return candidate + update * (state - candidate);
}

torch::Tensor GruCellImpl::sequence(const torch::Tensor& gates, const torch::Tensor& initial,
                                    const torch::Tensor& mask, Direction direction) {
  if (!use_kernels(gates)) return RecurrentCellImpl::sequence(gates, initial, mask, direction);
  return kernels::gru_sequence({gates, initial, weight_hh, bias_hh, mask}, direction,
                               current_precision());
}

LstmCellImpl::LstmCellImpl(int64_t inputs, int64_t hidden) : RecurrentCellImpl(inputs, hidden, 4) {}

void LstmCellImpl::initialize() {
  RecurrentCellImpl::initialize();
  // A forget gate that starts open lets gradients reach far back (Jozefowicz et al. 2015).
  torch::NoGradGuard no_grad;
  bias_ih.narrow(0, hidden(), hidden()).fill_(1);
}

torch::Tensor LstmCellImpl::step(const torch::Tensor& gates, const torch::Tensor& state) {
  if (use_search_kernels(gates)) {
    return kernels::lstm_step({gates, state, weight_hh, bias_hh}, current_precision());
  }
  const auto parts = state.chunk(2, 1);  // h, c: [N, H] each
  const auto sum = (gates + affine(parts[0], weight_hh, bias_hh)).chunk(4, 1);
  const auto memory =
      torch::sigmoid(sum[1]) * parts[1] + torch::sigmoid(sum[0]) * torch::tanh(sum[2]);
  const auto hidden_state = torch::sigmoid(sum[3]) * torch::tanh(memory);
  return torch::cat({hidden_state, memory}, 1);  // [N, 2H]
}

torch::Tensor LstmCellImpl::sequence(const torch::Tensor& gates, const torch::Tensor& initial,
                                     const torch::Tensor& mask, Direction direction) {
  if (!use_kernels(gates)) return RecurrentCellImpl::sequence(gates, initial, mask, direction);
  return kernels::lstm_sequence({gates, initial, weight_hh, bias_hh, mask}, direction,
                                current_precision());
}

RecurrentCell make_cell(CellType type, int64_t inputs, int64_t hidden) {
  switch (type) {
    case CellType::kGru:
      return std::make_shared<GruCellImpl>(inputs, hidden);
    case CellType::kLstm:
      return std::make_shared<LstmCellImpl>(inputs, hidden);
  }
  TORCH_CHECK(false, "unknown cell type ", static_cast<int>(type));
}

}  // namespace weft

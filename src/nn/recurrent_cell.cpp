#include "nn/recurrent_cell.h"

#include <torch/types.h>

#include <vector>

#include "nn/dropout.h"

namespace weft {

torch::Tensor RecurrentCellImpl::sequence(const torch::Tensor& gates, const torch::Tensor& initial,
                                          const torch::Tensor& mask, Direction direction) {
  const int64_t length = gates.size(1);
  std::vector<torch::Tensor> states(static_cast<std::size_t>(length));
  const auto keep = mask.unsqueeze(2);  // [B, S, 1]
  RecurrentMasks masks(*this, initial);
  const auto steps = gates.unbind(1);  // [B, G] each: their gradients are put together at once
  torch::Tensor state = initial;       // [B, W]
  for (int64_t i = 0; i < length; ++i) {
    const int64_t t = direction == Direction::kForward ? i : length - 1 - i;
    const auto next = step(steps[static_cast<std::size_t>(t)], state, {masks.next()});
    state = torch::where(keep.select(1, t), next, state);
    states[static_cast<std::size_t>(t)] = state;
  }
  return torch::stack(states, 1);  // [B, S, W]
}

torch::Tensor RecurrentCellImpl::start(const torch::Tensor& hidden) const {
  return torch::constant_pad_nd(hidden, {0, state_width() - hidden_});
}

torch::Tensor scaled_blocks(const torch::Tensor& x, const torch::Tensor& factor) {
  if (!factor.defined()) return x;
  return (x.unflatten(1, {-1, factor.size(1)}) * factor.unsqueeze(1)).flatten(1);
}

RecurrentMasks::RecurrentMasks(const RecurrentCellImpl& cell, const torch::Tensor& state)
    : dropout_(cell.recurrent_dropout()), drops_(cell.drops_recurrently()) {
  if (!drops_) return;
  ones_ = torch::ones({state.size(0), cell.recurrent_mask_width()},
                      state.options().requires_grad(false));
  if (dropout_.kind == DropoutKind::kVariational) shared_ = draw();
}

torch::Tensor RecurrentMasks::next() {
  if (!drops_ || shared_.defined()) return shared_;
  return draw();
}

torch::Tensor RecurrentMasks::draw() const {
  return plain_dropout(ones_, dropout_.probability, /*training=*/true);
}

}  // namespace weft

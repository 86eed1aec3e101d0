#include "nn/recurrent_cell.h"

#include <torch/types.h>

#include "nn/dropout.h"

namespace weft {

torch::Tensor RecurrentCellImpl::sequence(const ComputeContext& compute, const torch::Tensor& gates,
                                          const torch::Tensor& initial, const torch::Tensor& mask,
                                          Direction direction) {
  RecurrentMasks masks(*this, initial);
  return ops::stepwise({{gates, initial, {}, {}, mask}, direction},
                       [&](const torch::Tensor& of_step, const torch::Tensor& state) {
                         return step(compute, of_step, state, {masks.next()});
                       });
}

torch::Tensor RecurrentCellImpl::start(const torch::Tensor& hidden) const {
  return torch::constant_pad_nd(hidden, {0, state_width() - hidden_});
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

#include "model/encoder.h"

#include <torch/torch.h>

#include <string>

#include "nn/dropout.h"

namespace weft {

EncoderImpl::EncoderImpl(int64_t embedding, const EncoderOptions& options, double dropout)
    : options_(options), dropout_(dropout) {
  for (int64_t layer = 0; layer < options.layers; ++layer) {
    const int64_t inputs = layer == 0 ? embedding : annotation_width();
    const auto number = std::to_string(layer);
    forward_cells_.push_back(
        register_module("forward_" + number, make_cell(options.cell, inputs, options.hidden)));
    backward_cells_.push_back(
        register_module("backward_" + number, make_cell(options.cell, inputs, options.hidden)));
  }
}

void EncoderImpl::initialize() {
  for (auto& cell : forward_cells_) cell->initialize();
  for (auto& cell : backward_cells_) cell->initialize();
}

torch::Tensor EncoderImpl::read(RecurrentCellImpl& cell, const torch::Tensor& input,
                                const torch::Tensor& mask, Direction direction) {
  const auto initial = torch::zeros({input.size(0), cell.state_width()}, input.options());
  return cell.output(cell.sequence(cell.project(input), initial, mask, direction));  // [B, S, H]
}

EncoderOutput EncoderImpl::forward(const torch::Tensor& embeddings, const torch::Tensor& mask) {
  auto states = embeddings;
  for (std::size_t layer = 0; layer < forward_cells_.size(); ++layer) {
    const auto rightward = read(*forward_cells_[layer], states, mask, Direction::kForward);
    const auto leftward = read(*backward_cells_[layer], states, mask, Direction::kBackward);
    states = variational_dropout(torch::cat({rightward, leftward}, 2), dropout_, is_training());
  }
  const auto counted = mask.unsqueeze(2).to(states.dtype());  // [B, S, 1]
  return {states, mask, (states * counted).sum(1) / counted.sum(1)};
}

}  // namespace weft

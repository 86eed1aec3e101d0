#include "model/encoder.h"

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cmath>
#include <string>

#include "base/error.h"
#include "nn/dropout.h"
#include "nn/linear.h"
#include "nn/positions.h"

namespace weft {
namespace {

Direction opposite(Direction direction) {
  return direction == Direction::kForward ? Direction::kBackward : Direction::kForward;
}

/// [B, S, D] with 0 where there is no token -> [B, ceil(S / n), n·D]
torch::Tensor join_positions(const torch::Tensor& states, int64_t n) {
  const int64_t missing = (n - states.size(1) % n) % n;
  const auto padded = torch::constant_pad_nd(states, {0, 0, 0, missing});
  return padded.reshape({states.size(0), -1, n * states.size(2)});
}

/// bool [B, S] -> [B, ceil(S / n)], true where any of n was
torch::Tensor join_mask(const torch::Tensor& mask, int64_t n) {
  return join_positions(mask.unsqueeze(2).to(torch::kFloat32), n).sum(2).gt(0);
}

/// The state a cell ends with [B, H], of its states [B, S, H].
torch::Tensor final_state(const torch::Tensor& states, const torch::Tensor& mask,
                          Direction direction) {
  if (direction == Direction::kBackward) return states.select(1, 0);
  const auto last = (mask.sum(1) - 1).view({-1, 1, 1}).expand({-1, 1, states.size(2)});
  return states.gather(1, last).squeeze(1);
}

/// The states [B, n H] of cells, of n blocks (an output, and an LSTM's memory), as that of one
/// cell: block by block.
torch::Tensor side_by_side(const std::vector<torch::Tensor>& states, int64_t blocks) {
  std::vector<torch::Tensor> parts;
  for (int64_t block = 0; block < blocks; ++block) {
    for (const auto& state : states)
      parts.push_back(state.chunk(blocks, 1)[static_cast<std::size_t>(block)]);
  }
  return torch::cat(parts, 1);
}

/// EncoderOutput::token_weights, for annotations of `stride` tokens each, of which mask [B, S] has
/// what there is.
torch::Tensor make_token_weights(const torch::Tensor& mask, int64_t stride,
                                 const torch::TensorOptions& options) {
  const int64_t tokens = mask.size(1);
  const auto annotation = torch::arange(tokens, mask.options().dtype(torch::kInt64))
                              .floor_divide(stride);  // of each token
  const auto belongs = torch::one_hot(annotation, (tokens + stride - 1) / stride).t();  // [S', S]
  const auto present = belongs.unsqueeze(0) * mask.unsqueeze(1);
  return present.to(options) / present.sum(2, /*keepdim=*/true).clamp_min(1);
}

torch::Tensor mean_over_tokens(const torch::Tensor& states, const torch::Tensor& mask) {
  const auto counted = mask.unsqueeze(2).to(states.dtype());  // [B, S, 1]
  return (states * counted).sum(1) / counted.sum(1);
}

}  // namespace

EncoderImpl::EncoderImpl(int64_t embedding, const EncoderOptions& options,
                         const DropoutOptions& dropout, bool keeps_layer_states)
    : options_(options), dropout_(dropout), keeps_layer_states_(keeps_layer_states) {
  const bool has_cells =
      options.type == EncoderType::kRecurrent || options.type == EncoderType::kRows;
  if (!has_cells) return;
  for (int64_t layer = 0; layer < options.layers; ++layer)
    add_layer(layer, inputs_of_layer(options, layer, embedding));
}

void EncoderImpl::add_layer(int64_t layer, int64_t inputs) {
  const auto number = std::to_string(layer);
  const bool turned = options_.direction == EncoderDirection::kBackward ||
                      (options_.direction == EncoderDirection::kAlternating && layer % 2 == 1);
  const auto cell = [&](const std::string& name) {
    const CellOptions options{options_.cell,
                              options_.hidden,
                              options_.transition_depth,
                              {dropout_.recurrent, dropout_.kind}};
    return register_module(name + number, make_cell(options, inputs));
  };
  const auto first = turned ? Direction::kBackward : Direction::kForward;
  std::vector<DirectedCell> cells{{cell("forward_"), first}};
  if (directions_of_layer(options_, layer) == 2)
    cells.push_back({cell("backward_"), opposite(first)});
  layers_.push_back(std::move(cells));
}

void EncoderImpl::initialize() {
  for (auto& layer : layers_) {
    for (auto& directed : layer) directed.cell->initialize();
  }
}

EncoderImpl::Work EncoderImpl::work() const {
  Work work;
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    if (layer > 0) work.annotations /= static_cast<double>(options_.pyramid);
    for (const auto& directed : layers_[layer])
      work.per_token += work.annotations * static_cast<double>(matrix_elements(*directed.cell));
  }
  return work;
}

EncoderImpl::LayerOutput EncoderImpl::read(const ComputeContext& compute, std::size_t layer,
                                           const torch::Tensor& input, const torch::Tensor& mask) {
  const bool own_stacks = options_.direction == EncoderDirection::kAlternating && layer > 0;
  std::vector<torch::Tensor> states, last, whole;
  for (std::size_t i = 0; i < layers_[layer].size(); ++i) {
    const auto& [cell, direction] = layers_[layer][i];
    const auto read = own_stacks ? input.chunk(2, 2)[i] : input;
    const auto initial = torch::zeros({input.size(0), cell->state_width()}, input.options());
    if (keeps_layer_states_) {
      const auto all =
          cell->sequence(compute, cell->project(compute, read), initial, mask, direction);
      states.push_back(cell->output(all));
      whole.push_back(final_state(all, mask, direction));
    } else {
      states.push_back(cell->read(compute, read, initial, mask, direction));
    }
    last.push_back(final_state(states.back(), mask, direction));
  }
  const auto& cell = *layers_[layer].front().cell;
  return {
      torch::cat(states, 2), torch::cat(last, 1),
      whole.empty() ? torch::Tensor() : side_by_side(whole, cell.state_width() / cell.hidden())};
}

EncoderOutput EncoderImpl::read_all(const ComputeContext& compute, const torch::Tensor& embeddings,
                                    const torch::Tensor& mask) {
  EncoderOutput output{embeddings, mask, {}, {}, {}};
  int64_t stride = 1;
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    auto below = output.states;
    if (layer > 0 && options_.pyramid > 1) {
      below = join_positions(below * output.mask.unsqueeze(2).to(below.dtype()), options_.pyramid);
      output.mask = join_mask(output.mask, options_.pyramid);
      stride *= options_.pyramid;
    }
    const auto read_now = read(compute, layer, below, output.mask);
    output.states = unit_dropout(read_now.states, dropout_.hidden, dropout_.kind, is_training());
    output.last = read_now.last;
    if (keeps_layer_states_) output.layer_states.push_back(read_now.whole);
    const bool adds = options_.residual && layer > 0 && below.sizes() == output.states.sizes();
    if (adds) output.states = output.states + below;
  }
  if (stride > 1) output.token_weights = make_token_weights(mask, stride, output.states.options());
  return output;
}

EncoderOutput EncoderImpl::read_rows(const ComputeContext& compute, const torch::Tensor& embeddings,
                                     const torch::Tensor& mask, int64_t columns) {
  if (columns == 0)
    throw UserError(
        "model.encoder.type is rows, but items have none, or grids of several sizes; expected "
        "pictures, or files with tensors [rows, columns, width] of one size");
  const int64_t batch = embeddings.size(0), count = embeddings.size(1);
  auto output = read_all(compute, embeddings.reshape({-1, columns, embeddings.size(2)}),
                         mask.reshape({-1, columns}));
  output.states = output.states.reshape({batch, count, output.states.size(2)});
  output.mask = mask;
  output.last = torch::Tensor();
  return output;
}

EncoderOutput EncoderImpl::forward(const ComputeContext& compute, const torch::Tensor& embeddings,
                                   const torch::Tensor& mask, int64_t columns) {
  EncoderOutput output;
  switch (options_.type) {
    case EncoderType::kRecurrent:
      output = read_all(compute, embeddings, mask);
      break;
    case EncoderType::kEmbeddings: {
      const int64_t width = embeddings.size(2);
      const auto positions = sinusoid_positions(embeddings.size(1), width, embeddings.options());
      output = {embeddings * std::sqrt(static_cast<double>(width)) + positions, mask, {}, {}, {}};
      break;
    }
    case EncoderType::kAnnotations:
      output = {embeddings, mask, {}, {}, {}};
      break;
    case EncoderType::kRows:
      output = read_rows(compute, embeddings, mask, columns);
      break;
  }
  output.summary = mean_over_tokens(output.states, output.mask);
  return output;
}

}  // namespace weft

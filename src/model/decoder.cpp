#include "model/decoder.h"

#include <torch/torch.h>

#include <string>
#include <utility>

#include "kernels/conditional_gru.h"
#include "nn/additive_score.h"
#include "nn/dropout.h"
#include "nn/fast_path.h"

namespace weft {

DecoderState DecoderState::select(const torch::Tensor& rows) const {
  DecoderState selected;
  for (const auto& layer : layers) selected.layers.push_back(layer.index_select(0, rows));
  selected.attention = attention.select(rows);
  return selected;
}

DecoderMemory DecoderMemory::read_by(const torch::Tensor& sets) const {
  auto memory = *this;
  memory.attention.sets = sets;
  return memory;
}

DecoderImpl::DecoderImpl(int64_t embedding, int64_t annotation_width, const DecoderOptions& options,
                         const AttentionOptions& attention, double dropout)
    : options_(options), dropout_(dropout) {
  cell_ = register_module("cell", make_cell(options.cell, embedding, options.hidden));
  switch (options.attention_place) {
    case AttentionPlace::kBefore:
      context_gates_ = register_module(
          "context_gates", Linear(annotation_width, cell_->bias_ih.size(0), Bias::kWithout));
      break;
    case AttentionPlace::kBetween:
      context_cell_ = register_module("context_cell",
                                      make_cell(options.cell, annotation_width, options.hidden));
      break;
  }
  for (int64_t layer = 1; layer < options.layers; ++layer) {
    upper_cells_.push_back(register_module(
        "upper_" + std::to_string(layer), make_cell(options.cell, options.hidden, options.hidden)));
  }
  attention_ = register_module(
      "attention", Attention(attention, AttentionWidths{options.hidden, annotation_width}));
  initial_ = register_module("initial", Linear(annotation_width, options.layers * options.hidden));
}

void DecoderImpl::initialize() {
  cell_->initialize();
  if (context_gates_) context_gates_->initialize();
  if (context_cell_) context_cell_->initialize();
  for (auto& cell : upper_cells_) cell->initialize();
  attention_->initialize();
  initial_->initialize();
}

DecoderMemory DecoderImpl::remember(const EncoderOutput& source) {
  return {attention_->remember(source.states, source.mask), false, source.shares};
}

DecoderMemory DecoderImpl::remember_mapped(const EncoderOutput& source,
                                           const torch::Tensor& readout) {
  auto memory = attention_->remember(source.states, source.mask);
  if (!attention_->averages_values()) return {memory};
  memory.values = torch::cat({map_context(source.states), readout}, 2);
  return {memory, true, source.shares};
}

torch::Tensor DecoderImpl::map_context(const torch::Tensor& context) {
  return context_cell_ ? context_cell_->project(context) : context_gates_(context);
}

DecoderState DecoderImpl::start(const EncoderOutput& source) {
  DecoderState state;
  for (const auto& hidden : torch::tanh(initial_(source.summary)).chunk(options_.layers, 1)) {
    // A cell with memory (LSTM) starts with an empty one.
    const int64_t memory = cell_->state_width() - options_.hidden;
    state.layers.push_back(torch::constant_pad_nd(hidden, {0, memory}));
  }
  state.attention = attention_->start(source.states);
  return state;
}

DecoderStep DecoderImpl::attend_and_step(const torch::Tensor& gates, const DecoderState& state,
                                         const DecoderMemory& memory) {
  const bool attends_first = options_.attention_place == AttentionPlace::kBefore;
  const auto& last = state.layers[0];
  const auto query = attends_first ? last : cell_->step(gates, last);
  auto attended = attention_(cell_->output(query), state.attention, memory.attention);
  torch::Tensor context_gates;
  if (memory.mapped) {
    const auto both = attended.context;
    context_gates = both.narrow(1, 0, gates.size(1));
    attended.context = both.narrow(1, gates.size(1), both.size(1) - gates.size(1));
  } else {
    context_gates = map_context(attended.context);
  }
  const auto next = attends_first ? cell_->step(gates + context_gates, last)
                                  : context_cell_->step(context_gates, query);
  return {{cell_->output(next), attended.context, attended.weights},
          {{next}, std::move(attended.state)}};
}

DecoderStep DecoderImpl::step(const torch::Tensor& embedding, const DecoderState& state,
                              const DecoderMemory& memory) {
  auto result = attend_and_step(cell_->project(embedding), state, memory);
  for (std::size_t i = 0; i < upper_cells_.size(); ++i) {
    auto& cell = *upper_cells_[i];
    const auto next = cell.step(cell.project(result.output.hidden), state.layers[i + 1]);
    result.state.layers.push_back(next);
    result.output.hidden = cell.output(next);
  }
  return result;
}

DecoderOutput DecoderImpl::attending_sequence(const torch::Tensor& gates,
                                              const DecoderState& initial,
                                              const DecoderMemory& memory) {
  const bool conditional_gru = options_.attention_place == AttentionPlace::kBetween &&
                               options_.cell == CellType::kGru && attention_->additive_softmax();
  if (conditional_gru && use_kernels(gates))
    return fused_sequence(gates, initial.layers[0], memory.attention);
  std::vector<torch::Tensor> hidden, contexts, weights;
  auto state = initial;
  for (int64_t i = 0; i < gates.size(1); ++i) {
    auto step = attend_and_step(gates.select(1, i), state, memory);
    state = std::move(step.state);
    hidden.push_back(step.output.hidden);
    contexts.push_back(step.output.context);
    weights.push_back(step.output.weights);
  }
  return {torch::stack(hidden, 1), torch::stack(contexts, 1), torch::stack(weights, 1)};
}

DecoderOutput DecoderImpl::fused_sequence(const torch::Tensor& gates, const torch::Tensor& initial,
                                          const AttentionMemory& memory) {
  const auto* score = attention_->additive_softmax();
  const auto output =
      kernels::conditional_gru_sequence({.input_gates = gates,
                                         .initial = initial,
                                         .weight_hh = cell_->weight_hh,
                                         .bias_hh = cell_->bias_hh,
                                         .query_weight = score->query->weight,
                                         .keys = memory.keys,
                                         .energy = score->energy,
                                         .annotations = memory.values,
                                         .mask = memory.mask,
                                         .context_weight_ih = context_cell_->weight_ih,
                                         .context_bias_ih = context_cell_->bias_ih,
                                         .context_weight_hh = context_cell_->weight_hh,
                                         .context_bias_hh = context_cell_->bias_hh},
                                        current_precision());
  return {output.states, output.contexts, output.weights};
}

DecoderOutput DecoderImpl::forward(const torch::Tensor& embeddings, const DecoderState& initial,
                                   const DecoderMemory& memory) {
  auto output = attending_sequence(cell_->project(embeddings), initial, memory);
  // Padding stands at the end of a target, and nothing reads the states behind it: no mask is
  // needed.
  const auto all =
      torch::ones({embeddings.size(0), embeddings.size(1)}, memory.attention.mask.options());
  for (std::size_t i = 0; i < upper_cells_.size(); ++i) {
    auto& cell = *upper_cells_[i];
    const auto below = variational_dropout(output.hidden, dropout_, is_training());
    output.hidden = cell.output(
        cell.sequence(cell.project(below), initial.layers[i + 1], all, Direction::kForward));
  }
  return output;
}

}  // namespace weft

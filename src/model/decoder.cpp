#include "model/decoder.h"

#include <torch/nn/module.h>
#include <torch/types.h>

#include <string>
#include <utility>

#include "kernels/conditional_gru.h"
#include "nn/additive_score.h"
#include "nn/dropout.h"
#include "nn/fast_path.h"
#include "nn/gru_cell.h"
#include "nn/multi_source_attention.h"

namespace weft {

torch::Tensor stack_steps(const std::vector<torch::Tensor>& steps) {
  return steps.front().defined() ? torch::stack(steps, 1) : torch::Tensor();
}

DecoderState DecoderState::select(const torch::Tensor& rows) const {
  DecoderState selected;
  for (const auto& layer : layers) selected.layers.push_back(layer.index_select(0, rows));
  selected.attention = attention.select(rows);
  if (feedback.defined()) selected.feedback = feedback.index_select(0, rows);
  return selected;
}

DecoderMemory DecoderMemory::read_by(const torch::Tensor& sets) const {
  auto memory = *this;
  memory.attention.sets = sets;
  return memory;
}

DecoderImpl::DecoderImpl(int64_t inputs, int64_t annotation_width, const DecoderOptions& options,
                         const AttentionOptions& attention, const DropoutOptions& dropout,
                         int64_t sources)
    : options_(options), dropout_(dropout) {
  const CellOptions deep{
      options.cell, options.hidden, options.transition_depth, {dropout.recurrent, dropout.kind}};
  CellOptions first = deep;
  // Between two cells, the first is a single transition: the depth is the second's.
  if (options.attention_place == AttentionPlace::kBetween) first.transition_depth = 1;
  cell_ = register_module("cell", make_cell(first, inputs));
  switch (options.attention_place) {
    case AttentionPlace::kBefore:
      context_gates_ = register_module(
          "context_gates", Linear(annotation_width, cell_->gate_width(), Bias::kWithout));
      break;
    case AttentionPlace::kBetween:
      context_cell_ = register_module("context_cell", make_cell(deep, annotation_width));
      break;
    case AttentionPlace::kAfter:
      break;
  }
  if (options.context_gate != ContextGateType::kNone &&
      options.attention_place != AttentionPlace::kAfter) {
    context_gate_ = register_module(
        "context_gate",
        ContextGate(options.context_gate,
                    ContextGateWidths{inputs, options.hidden, annotation_width, options.hidden}));
  }
  const int64_t upper_inputs = options.hidden + (options.context_to_upper ? annotation_width : 0);
  for (int64_t layer = 1; layer < options.layers; ++layer) {
    upper_cells_.push_back(
        register_module("upper_" + std::to_string(layer), make_cell(deep, upper_inputs)));
  }
  attention_ = register_module(
      "attention",
      make_attention(attention, AttentionWidths{options.hidden, annotation_width}, sources));
  if (options.initial_state == InitialState::kZero) return;
  initial_ = register_module("initial", Linear(annotation_width, options.layers * options.hidden));
}

void DecoderImpl::initialize() {
  cell_->initialize();
  if (context_gates_) context_gates_->initialize();
  if (context_cell_) context_cell_->initialize();
  if (context_gate_) context_gate_->initialize();
  for (auto& cell : upper_cells_) cell->initialize();
  attention_->initialize();
  if (initial_) initial_->initialize();
}

const torch::Tensor& DecoderImpl::fixed_vector(const EncoderOutput& source) const {
  return options_.initial_state == InitialState::kLast ? source.last : source.summary;
}

DecoderMemory DecoderImpl::precompute(const EncoderOutput& source) {
  return {attention_->precompute(source.states, source.mask, fixed_vector(source), source.sections),
          false, source.token_weights};
}

bool DecoderImpl::can_map() const {
  return attention_->averages_values() && !options_.context_to_upper &&
         options_.context_gate == ContextGateType::kNone;
}

DecoderMemory DecoderImpl::precompute_mapped(const EncoderOutput& source,
                                             const torch::Tensor& readout) {
  auto memory = attention_->precompute(source.states, source.mask, fixed_vector(source));
  memory.values = options_.attention_place == AttentionPlace::kAfter
                      ? readout
                      : torch::cat({map_context(source.states), readout}, 2);
  return {memory, true, source.token_weights};
}

torch::Tensor DecoderImpl::project(const torch::Tensor& inputs) {
  const auto gates = cell_->project(inputs);
  return context_gate_ ? torch::cat({gates, context_gate_->project(inputs)}, -1) : gates;
}

torch::Tensor DecoderImpl::map_context(const torch::Tensor& context) {
  return context_cell_ ? context_cell_->project(context) : context_gates_(context);
}

torch::Tensor DecoderImpl::upper_input(const torch::Tensor& below,
                                       const torch::Tensor& context) const {
  return options_.context_to_upper ? torch::cat({below, context}, -1) : below;
}

DecoderState DecoderImpl::start(const EncoderOutput& source) {
  const int64_t layers = options_.layers;
  const auto& read = fixed_vector(source);
  const auto hidden = initial_
                          ? torch::tanh(initial_(read))
                          : torch::zeros({read.size(0), layers * options_.hidden}, read.options());
  DecoderState state;
  for (const auto& of_layer : hidden.chunk(layers, 1)) {
    state.layers.push_back(cell_->start(of_layer));
  }
  state.attention = attention_->start(source.states, source.sections);
  return state;
}

DecoderStep DecoderImpl::plain_step(const torch::Tensor& gates, const DecoderState& state) {
  const auto next = cell_->step(gates, state.layers[0]);
  return {{cell_->output(next), {}, {}}, {{next}, state.attention, {}}};
}

DecoderStep DecoderImpl::attend_and_step(const torch::Tensor& projected, const DecoderState& state,
                                         const DecoderMemory& memory, const StepMasks& masks) {
  const bool attends_first = options_.attention_place == AttentionPlace::kBefore;
  const auto gates = projected.narrow(1, 0, cell_->gate_width());
  const auto& last = state.layers[0];
  const auto query = attends_first ? last : cell_->step(gates, last, {masks.cell});
  auto attended = attention_(cell_->output(query), state.attention, memory.attention);
  torch::Tensor context_gates;
  if (memory.mapped) {
    const auto both = attended.context;
    context_gates = both.narrow(1, 0, gates.size(1));
    attended.context = both.narrow(1, gates.size(1), both.size(1) - gates.size(1));
  } else {
    context_gates = map_context(attended.context);
  }
  ContextGateFactors factors;
  if (context_gate_) {
    factors = context_gate_(projected.narrow(1, gates.size(1), options_.hidden),
                            cell_->output(query), attended.context);
    context_gates = scaled_blocks(context_gates, factors.source);
  }
  const auto next =
      attends_first
          ? cell_->step(scaled_blocks(gates, factors.target) + context_gates, last,
                        {masks.cell, factors.target})
          : context_cell_->step(context_gates, query, {masks.context_cell, factors.target});
  return {{cell_->output(next), attended.context, attended.weights, attended.sample},
          {{next}, std::move(attended.state), {}}};
}

std::vector<torch::Tensor> DecoderImpl::layer_masks(int64_t sentences, int64_t steps,
                                                    const torch::TensorOptions& options) const {
  std::vector<torch::Tensor> masks;
  if (!is_training() || dropout_.hidden == 0) return masks;
  for (std::size_t i = 0; i < upper_cells_.size(); ++i) {
    const auto ones = torch::ones({sentences, steps, options_.hidden}, options);
    masks.push_back(unit_dropout(ones, dropout_.hidden, dropout_.kind, /*training=*/true));
  }
  return masks;
}

void DecoderImpl::read_upwards(DecoderOutput& output, const OfUpperLayer& drop,
                               const OfUpperLayer& run) {
  for (std::size_t i = 0; i < upper_cells_.size(); ++i) {
    const auto below = drop(i, output.hidden);
    const auto hidden = run(i, upper_input(below, output.context));
    output.hidden = options_.residual ? hidden + below : hidden;
  }
}

DecoderStep DecoderImpl::step(const torch::Tensor& inputs, const DecoderState& state,
                              const DecoderMemory& memory,
                              const std::vector<torch::Tensor>& masks) {
  const bool attends_after = options_.attention_place == AttentionPlace::kAfter;
  const auto gates = project(inputs);
  auto result =
      attends_after ? plain_step(gates, state) : attend_and_step(gates, state, memory, {});
  auto& output = result.output;
  const auto drop = [&](std::size_t i, const torch::Tensor& below) {
    return masks.empty() ? below : below * masks[i];
  };
  const auto run = [&](std::size_t i, const torch::Tensor& read) {
    auto& cell = *upper_cells_[i];
    result.state.layers.push_back(cell.step(cell.project(read), state.layers[i + 1]));
    return cell.output(result.state.layers.back());
  };
  read_upwards(output, drop, run);
  if (!attends_after) return result;
  auto attended = attention_(output.hidden, state.attention, memory.attention);
  output.context = attended.context;
  output.weights = attended.weights;
  output.sample = attended.sample;
  result.state.attention = std::move(attended.state);
  return result;
}

DecoderOutput DecoderImpl::first_layer(const torch::Tensor& inputs, const DecoderState& initial,
                                       const DecoderMemory& memory) {
  if (options_.attention_place != AttentionPlace::kAfter)
    return attending_sequence(project(inputs), initial, memory);
  const auto all = torch::ones({inputs.size(0), inputs.size(1)}, memory.attention.mask.options());
  return {cell_->read(inputs, initial.layers[0], all, Direction::kForward), {}, {}};
}

void DecoderImpl::attend_after(DecoderOutput& output, const DecoderState& initial,
                               const DecoderMemory& memory) {
  std::vector<torch::Tensor> contexts, weights;
  std::vector<AttentionSample> samples;
  auto state = initial.attention;
  for (const auto& query : output.hidden.unbind(1)) {
    auto attended = attention_(query, state, memory.attention);
    state = std::move(attended.state);
    contexts.push_back(attended.context);
    weights.push_back(attended.weights);
    samples.push_back(attended.sample);
  }
  output.context = stack_steps(contexts);
  output.weights = stack_steps(weights);
  output.sample = stack_samples(samples);
}

DecoderOutput DecoderImpl::attending_sequence(const torch::Tensor& gates,
                                              const DecoderState& initial,
                                              const DecoderMemory& memory) {
  if (is_fused(gates)) return fused_sequence(gates, initial.layers[0], memory.attention);
  RecurrentMasks masks(*cell_, initial.layers[0]);
  RecurrentMasks context_masks(context_cell_ ? *context_cell_ : *cell_, initial.layers[0]);
  std::vector<torch::Tensor> hidden, contexts, weights;
  std::vector<AttentionSample> samples;
  auto state = initial;
  for (const auto& gates_of_step : gates.unbind(1)) {
    auto step = attend_and_step(gates_of_step, state, memory, {masks.next(), context_masks.next()});
    state = std::move(step.state);
    hidden.push_back(step.output.hidden);
    contexts.push_back(step.output.context);
    weights.push_back(step.output.weights);
    samples.push_back(step.output.sample);
  }
  return {stack_steps(hidden), stack_steps(contexts), stack_steps(weights), stack_samples(samples)};
}

bool DecoderImpl::is_fused(const torch::Tensor& gates) const {
  const bool conditional_gru = options_.attention_place == AttentionPlace::kBetween &&
                               options_.cell == CellType::kGru && options_.transition_depth == 1;
  return conditional_gru && attention_->averages_values() && attention_->additive_softmax() &&
         !context_gate_ && !cell_->drops_recurrently() && use_kernels(gates);
}

DecoderOutput DecoderImpl::fused_sequence(const torch::Tensor& gates, const torch::Tensor& initial,
                                          const AttentionMemory& memory) {
  const auto* score = attention_->additive_softmax();
  const auto& cell = dynamic_cast<const GruCellImpl&>(*cell_);
  const auto& context_cell = dynamic_cast<const GruCellImpl&>(*context_cell_);
  const auto output =
      kernels::conditional_gru_sequence({.input_gates = gates,
                                         .initial = initial,
                                         .weight_hh = cell.weight_hh,
                                         .bias_hh = cell.bias_hh,
                                         .query_weight = score->query->weight,
                                         .keys = memory.keys,
                                         .energy = score->energy,
                                         .annotations = memory.values,
                                         .mask = memory.mask,
                                         .context_weight_ih = context_cell.weight_ih,
                                         .context_bias_ih = context_cell.bias_ih,
                                         .context_weight_hh = context_cell.weight_hh,
                                         .context_bias_hh = context_cell.bias_hh},
                                        current_precision());
  return {output.states, output.contexts, output.weights};
}

DecoderOutput DecoderImpl::forward(const torch::Tensor& inputs, const DecoderState& initial,
                                   const DecoderMemory& memory) {
  auto output = first_layer(inputs, initial, memory);
  // Padding stands at the end of a target, and nothing reads the states behind it: no mask is
  // needed.
  const auto all = torch::ones({inputs.size(0), inputs.size(1)}, memory.attention.mask.options());
  const auto drop = [&](std::size_t, const torch::Tensor& below) {
    return unit_dropout(below, dropout_.hidden, dropout_.kind, is_training());
  };
  const auto run = [&](std::size_t i, const torch::Tensor& read) {
    return upper_cells_[i]->read(read, initial.layers[i + 1], all, Direction::kForward);
  };
  read_upwards(output, drop, run);
  if (options_.attention_place == AttentionPlace::kAfter) attend_after(output, initial, memory);
  return output;
}

}  // namespace weft

#include "model/decoder.h"

#include <torch/nn/module.h>
#include <torch/types.h>

#include <string>
#include <utility>

#include "nn/additive_score.h"
#include "nn/dropout.h"
#include "nn/gru_cell.h"
#include "nn/multi_source_attention.h"
#include "ops/conditional_gru.h"

namespace weft {

namespace {

/// T steps [N, ...] as [N, T, ...]; undefined if they are.
torch::Tensor stacked(const std::vector<DecoderOutput>& steps, torch::Tensor DecoderOutput::*part) {
  std::vector<torch::Tensor> all;
  for (const auto& step : steps) all.push_back(step.*part);
  return all.front().defined() ? torch::stack(all, 1) : torch::Tensor();
}

}  // namespace

DecoderOutput over_steps(
    const torch::Tensor& inputs, DecoderState state,
    const std::function<DecoderStep(const torch::Tensor& input, const DecoderState& state)>& step) {
  std::vector<DecoderOutput> outputs;
  std::vector<AttentionSample> samples;
  for (const auto& input : inputs.unbind(1)) {
    auto made = step(input, state);
    state = std::move(made.state);
    samples.push_back(made.output.sample);
    outputs.push_back(std::move(made.output));
  }
  return {stacked(outputs, &DecoderOutput::hidden), stacked(outputs, &DecoderOutput::context),
          stacked(outputs, &DecoderOutput::weights), stack_samples(samples),
          stacked(outputs, &DecoderOutput::readout)};
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
  CellOptions upper = deep;
  if (options.upper_transition_depth > 0) upper.transition_depth = options.upper_transition_depth;
  const int64_t upper_inputs = options.hidden + (options.context_to_upper ? annotation_width : 0);
  for (int64_t layer = 1; layer < options.layers; ++layer) {
    upper_cells_.push_back(
        register_module("upper_" + std::to_string(layer), make_cell(upper, upper_inputs)));
  }
  attention_ = register_module(
      "attention",
      make_attention(attention, AttentionWidths{options.hidden, annotation_width}, sources));
  if (options.initial_state == InitialState::kZero ||
      options.initial_state == InitialState::kCopied)
    return;
  const int64_t starts = options.initial_shared ? 1 : options.layers;
  initial_ = register_module("initial", Linear(annotation_width, starts * options.hidden));
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

DecoderImpl::Work DecoderImpl::work() const {
  Work work{initial_ ? initial_->weight.numel() : 0, attention_->work(), matrix_elements(*cell_)};
  if (context_gates_) work.per_step += context_gates_->weight.numel();
  if (context_cell_) work.per_step += matrix_elements(*context_cell_);
  if (context_gate_) work.per_step += matrix_elements(*context_gate_);
  for (const auto& cell : upper_cells_) work.per_step += matrix_elements(*cell);
  return work;
}

const torch::Tensor& DecoderImpl::fixed_vector(const EncoderOutput& source) const {
  return options_.initial_state == InitialState::kLast ? source.last : source.summary;
}

DecoderMemory DecoderImpl::precompute(const ComputeContext& compute, const EncoderOutput& source) {
  return {attention_->precompute(compute, source.states, source.mask, fixed_vector(source),
                                 source.sections),
          false, source.token_weights};
}

bool DecoderImpl::can_map() const {
  return attention_->averages_values() && !options_.context_to_upper &&
         options_.context_gate == ContextGateType::kNone;
}

DecoderMemory DecoderImpl::precompute_mapped(const ComputeContext& compute,
                                             const EncoderOutput& source,
                                             const torch::Tensor& readout) {
  auto memory = attention_->precompute(compute, source.states, source.mask, fixed_vector(source));
  memory.values = options_.attention_place == AttentionPlace::kAfter
                      ? readout
                      : torch::cat({map_context(compute, source.states), readout}, 2);
  return {memory, true, source.token_weights};
}

torch::Tensor DecoderImpl::project(const ComputeContext& compute, const torch::Tensor& inputs) {
  const auto gates = cell_->project(compute, inputs);
  return context_gate_ ? torch::cat({gates, context_gate_->project(compute, inputs)}, -1) : gates;
}

torch::Tensor DecoderImpl::map_context(const ComputeContext& compute,
                                       const torch::Tensor& context) {
  return context_cell_ ? context_cell_->project(compute, context)
                       : context_gates_(compute, context);
}

torch::Tensor DecoderImpl::upper_input(const torch::Tensor& below,
                                       const torch::Tensor& context) const {
  return options_.context_to_upper ? torch::cat({below, context}, -1) : below;
}

DecoderState DecoderImpl::start(const ComputeContext& compute, const EncoderOutput& source) {
  if (options_.initial_state == InitialState::kCopied)
    return {source.layer_states, attention_->start(source.states, source.sections), {}};
  const int64_t layers = options_.layers;
  const auto& read = fixed_vector(source);
  const auto hidden = initial_
                          ? torch::tanh(initial_(compute, read))
                          : torch::zeros({read.size(0), layers * options_.hidden}, read.options());
  const auto starts =
      hidden.chunk(hidden.size(1) / options_.hidden, 1);  // of each layer, or of all
  DecoderState state;
  for (std::size_t layer = 0; layer < static_cast<std::size_t>(layers); ++layer)
    state.layers.push_back(cell_->start(starts[starts.size() == 1 ? 0 : layer]));
  state.attention = attention_->start(source.states, source.sections);
  return state;
}

DecoderStep DecoderImpl::attend_and_step(const ComputeContext& compute,
                                         const torch::Tensor& projected, const DecoderState& state,
                                         const DecoderMemory& memory, const DecoderMasks& masks) {
  const bool attends_first = options_.attention_place == AttentionPlace::kBefore;
  const auto gates = projected.narrow(1, 0, cell_->gate_width());
  const auto& last = state.layers[0];
  const auto query = attends_first ? last : cell_->step(compute, gates, last, {masks.cell});
  auto attended = attention_(compute, cell_->output(query), state.attention, memory.attention);
  torch::Tensor context_gates;
  if (memory.mapped) {
    const auto both = attended.context;
    context_gates = both.narrow(1, 0, gates.size(1));
    attended.context = both.narrow(1, gates.size(1), both.size(1) - gates.size(1));
  } else {
    context_gates = map_context(compute, attended.context);
  }
  ContextGateFactors factors;
  if (context_gate_) {
    factors = context_gate_(compute, projected.narrow(1, gates.size(1), options_.hidden),
                            cell_->output(query), attended.context);
    context_gates = scaled_blocks(context_gates, factors.source);
  }
  const auto next = attends_first
                        ? cell_->step(compute, scaled_blocks(gates, factors.target) + context_gates,
                                      last, {masks.cell, factors.target})
                        : context_cell_->step(compute, context_gates, query,
                                              {masks.context_cell, factors.target});
  return {{cell_->output(next), attended.context, attended.weights, attended.sample},
          {{next}, std::move(attended.state), {}}};
}

DecoderStep DecoderImpl::attend(const ComputeContext& compute, const torch::Tensor& hidden,
                                const DecoderState& state, const DecoderMemory& memory) {
  auto attended = attention_(compute, hidden, state.attention, memory.attention);
  return {{{}, attended.context, attended.weights, attended.sample},
          {state.layers, std::move(attended.state), {}}};
}

std::function<DecoderMasks()> DecoderImpl::draw_masks(const DecoderState& initial,
                                                      int64_t steps) const {
  // In the order in which they are drawn where all steps of a layer are computed at once.
  const auto& first = initial.layers.front();
  std::vector<RecurrentMasks> cells{RecurrentMasks(*cell_, first)};
  if (!attends_after()) cells.emplace_back(context_cell_ ? *context_cell_ : *cell_, first);
  const std::size_t own = cells.size();  // of the first layer
  std::vector<torch::Tensor> inputs;     // of each layer above it [B, T, H]
  for (std::size_t i = 0; i < upper_cells_.size(); ++i) {
    const auto ones =
        torch::ones({first.size(0), steps, options_.hidden}, first.options().requires_grad(false));
    inputs.push_back(unit_dropout(ones, dropout_.hidden, dropout_.kind, is_training()));
    cells.emplace_back(*upper_cells_[i], initial.layers[i + 1]);
  }
  return [=, step = int64_t{0}]() mutable {
    std::vector<torch::Tensor> recurrent;
    for (auto& masks : cells) recurrent.push_back(masks.next());
    DecoderMasks masks{recurrent.front(), recurrent[own - 1]};
    masks.upper_cells.assign(recurrent.begin() + static_cast<std::ptrdiff_t>(own), recurrent.end());
    for (const auto& of_layer : inputs) masks.upper_inputs.push_back(of_layer.select(1, step));
    ++step;
    return masks;
  };
}

void DecoderImpl::read_upwards(DecoderOutput& output, const OfUpperLayer& drop,
                               const OfUpperLayer& run) {
  for (std::size_t i = 0; i < upper_cells_.size(); ++i) {
    const auto below = drop(i, output.hidden);
    const auto hidden = run(i, upper_input(below, output.context));
    output.hidden = options_.residual ? hidden + below : hidden;
  }
}

DecoderStep DecoderImpl::step(const ComputeContext& compute, const torch::Tensor& inputs,
                              const DecoderState& state, const DecoderMemory& memory,
                              const DecoderMasks& masks) {
  DecoderStep result;
  if (attends_after()) {
    const auto next =
        cell_->step(compute, cell_->project(compute, inputs), state.layers[0], {masks.cell});
    result = {{cell_->output(next), {}, {}}, {{next}, state.attention, {}}};
  } else {
    result = attend_and_step(compute, project(compute, inputs), state, memory, masks);
  }
  const auto drop = [&](std::size_t i, const torch::Tensor& below) {
    return masks.upper_inputs.empty() ? below : below * masks.upper_inputs[i];
  };
  const auto run = [&](std::size_t i, const torch::Tensor& read) {
    auto& cell = *upper_cells_[i];
    const auto mask = masks.upper_cells.empty() ? torch::Tensor() : masks.upper_cells[i];
    result.state.layers.push_back(
        cell.step(compute, cell.project(compute, read), state.layers[i + 1], {mask}));
    return cell.output(result.state.layers.back());
  };
  read_upwards(result.output, drop, run);
  if (!attends_after()) return result;
  auto attended = attend(compute, result.output.hidden, result.state, memory);
  attended.output.hidden = result.output.hidden;
  return attended;
}

DecoderOutput DecoderImpl::attending_sequence(const ComputeContext& compute,
                                              const torch::Tensor& inputs,
                                              const DecoderState& initial,
                                              const DecoderMemory& memory) {
  const auto gates = project(compute, inputs);
  if (is_conditional_gru())
    return conditional_gru(compute, gates, initial.layers[0], memory.attention);
  RecurrentMasks masks(*cell_, initial.layers[0]);
  RecurrentMasks context_masks(context_cell_ ? *context_cell_ : *cell_, initial.layers[0]);
  return over_steps(gates, initial, [&](const torch::Tensor& of_step, const DecoderState& state) {
    return attend_and_step(compute, of_step, state, memory, {masks.next(), context_masks.next()});
  });
}

bool DecoderImpl::is_conditional_gru() const {
  const bool has_cells = options_.attention_place == AttentionPlace::kBetween &&
                         options_.cell == CellType::kGru && options_.transition_depth == 1;
  return has_cells && attention_->averages_values() && attention_->additive_softmax() &&
         !context_gate_ && !cell_->drops_recurrently();
}

DecoderOutput DecoderImpl::conditional_gru(const ComputeContext& compute,
                                           const torch::Tensor& gates, const torch::Tensor& initial,
                                           const AttentionMemory& memory) {
  const auto* score = attention_->additive_softmax();
  const auto& cell = dynamic_cast<const GruCellImpl&>(*cell_);
  const auto& context_cell = dynamic_cast<const GruCellImpl&>(*context_cell_);
  const auto output = ops::conditional_gru(compute, {.input_gates = gates,
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
                                                     .context_bias_hh = context_cell.bias_hh});
  return {output.states, output.contexts, output.weights};
}

DecoderOutput DecoderImpl::forward(const ComputeContext& compute, const torch::Tensor& inputs,
                                   const DecoderState& initial, const DecoderMemory& memory) {
  // Padding stands at the end of a target, and nothing reads the states behind it: no mask is
  // needed.
  const auto all = torch::ones({inputs.size(0), inputs.size(1)}, memory.attention.mask.options());
  DecoderOutput output;
  if (attends_after()) {
    output.hidden = cell_->read(compute, inputs, initial.layers[0], all, Direction::kForward);
  } else {
    output = attending_sequence(compute, inputs, initial, memory);
  }
  const auto drop = [&](std::size_t, const torch::Tensor& below) {
    return unit_dropout(below, dropout_.hidden, dropout_.kind, is_training());
  };
  const auto run = [&](std::size_t i, const torch::Tensor& read) {
    return upper_cells_[i]->read(compute, read, initial.layers[i + 1], all, Direction::kForward);
  };
  read_upwards(output, drop, run);
  if (!attends_after()) return output;
  auto attended = over_steps(output.hidden, initial,
                             [&](const torch::Tensor& hidden, const DecoderState& state) {
                               return attend(compute, hidden, state, memory);
                             });
  attended.hidden = output.hidden;
  return attended;
}

}  // namespace weft

#pragma once
// The recurrent decoder: one step reads the last word, the state and the context, and gives the
// next state.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <functional>
#include <vector>

#include "config/model_options.h"
#include "model/encoder.h"
#include "nn/attention.h"
#include "nn/context_gate.h"
#include "nn/linear.h"
#include "nn/recurrent_cell.h"

namespace weft {

/// Everything that changes from step to step, for N hypotheses.
struct DecoderState {
  std::vector<torch::Tensor> layers;  ///< [N, W] per layer
  AttentionState attention;
  torch::Tensor feedback;  ///< t [N, R], the last readout; undefined without input feeding
  /// The state of the given hypotheses, rows int64 [M]: reorders, repeats or drops them.
  DecoderState select(const torch::Tensor& rows) const;
};

/// What the decoder keeps of B sources.
struct DecoderMemory {
  AttentionMemory attention;
  /// The context enters through linear maps alone, and W Σ_j α_j h_j = Σ_j α_j (W h_j). When true,
  /// the values are these maps of the annotations [gates; readout], computed once per source.
  bool mapped = false;
  torch::Tensor token_weights;  ///< EncoderOutput's
  /// For hypotheses of the given sources, sets int64 [N].
  DecoderMemory read_by(const torch::Tensor& sets) const;
};

/// Output of one step (N hypotheses) or of all steps under teacher forcing (then [B, T, ...]).
struct DecoderOutput {
  torch::Tensor hidden;   ///< s [N, H]
  torch::Tensor context;  ///< c [N, C]; from a mapped memory, the readout's map of it
  torch::Tensor weights;  ///< α [N, S]; undefined without attention
  AttentionSample sample = {};
  torch::Tensor readout = {};  ///< t [N, R], which the decoder itself leaves undefined
};

struct DecoderStep {
  DecoderOutput output;
  DecoderState state;
};

/// The driver of all that goes step by step: `step` makes of x_i, of `inputs` x [B, T, ...], and
/// the state before it the outputs and the state of step i. The outputs of all steps.
DecoderOutput over_steps(
    const torch::Tensor& inputs, DecoderState state,
    const std::function<DecoderStep(const torch::Tensor& input, const DecoderState& state)>& step);

/// Dropout factors of one step; undefined, or none: all is kept.
struct DecoderMasks {
  torch::Tensor cell, context_cell;              ///< recurrent masks of the first layer's cells
  std::vector<torch::Tensor> upper_cells = {};   ///< of the cells of the layers above
  std::vector<torch::Tensor> upper_inputs = {};  ///< of what these read of those below [N, H]
};

/// Attentional decoder. Row i of its weights belongs to y_i, the word that step i predicts.
///   kBefore (Bahdanau et al. 2015, arXiv:1409.0473, A.2.2), in the first layer:
///     c_i = attend(s_{i-1}),   s_i = f(y_{i-1}, c_i; s_{i-1})
///   kBetween (conditional GRU, Sennrich et al. 2017, arXiv:1703.04357, section 4.2), likewise:
///     s'_i = f_1(y_{i-1}; s_{i-1}),   c_i = attend(s'_i),   s_i = f_2(c_i; s'_i)
///   kAfter (Luong et al. 2015, arXiv:1508.04025, section 3), above all layers:
///     s_i = f(y_{i-1}; s_{i-1}),   c_i = attend(s_i)
/// A context gate (nn/context_gate.h) weighs c_i against y_{i-1} and s_{i-1}; with kBetween, f_2 is
/// gated, and s'_i stands for s_{i-1}; with kAfter, the readout is.
/// Layers above the first read the one below; DecoderOptions has what they may add. The first state
/// is s_0 = tanh(W x + b) of the mean annotation or of the encoder's last states x, what the
/// encoder's layers end with, or zero.
class DecoderImpl : public torch::nn::Module {
 public:
  /// `inputs` is the width of what the first cell reads: the last word's embedding and the
  /// feedback. `sources` is how many texts the annotations are of.
  DecoderImpl(int64_t inputs, int64_t annotation_width, const DecoderOptions& options,
              const AttentionOptions& attention, const DropoutOptions& dropout,
              int64_t sources = 1);

  void initialize();
  DecoderMemory precompute(const ComputeContext& compute, const EncoderOutput& source);
  /// Whether the context may be mapped before it is averaged: it is the mean of any values, and no
  /// layer reads it as it is.
  bool can_map() const;
  /// The same for search, mapped, with the readout's map of the annotations [B, S, R]; where
  /// can_map().
  DecoderMemory precompute_mapped(const ComputeContext& compute, const EncoderOutput& source,
                                  const torch::Tensor& readout);
  DecoderState start(const ComputeContext& compute, const EncoderOutput& source);
  /// Multiply-adds; a query is a step's.
  struct Work {
    int64_t per_sentence = 0;
    AttentionWork attention;
    int64_t per_step = 0;  ///< of all else
  };
  Work work() const;
  /// Whether outputs have weights.
  bool has_attention() const { return attention_->has_weights(); }
  /// As AttentionImpl.
  void show_first_head() { attention_->show_first_head(); }
  /// Draws the dropout of a walk step by step over targets of `steps` steps, from this state: each
  /// call is a step's.
  std::function<DecoderMasks()> draw_masks(const DecoderState& initial, int64_t steps) const;
  /// inputs [N, E + feedback]
  DecoderStep step(const ComputeContext& compute, const torch::Tensor& inputs,
                   const DecoderState& state, const DecoderMemory& memory,
                   const DecoderMasks& masks = {});
  /// Teacher forcing: inputs [B, T, E] of y_0 ... y_{T-1}; output [B, T, ...]. Feedback comes
  /// step by step: such a decoder has step() alone.
  DecoderOutput forward(const ComputeContext& compute, const torch::Tensor& inputs,
                        const DecoderState& initial, const DecoderMemory& memory);

 private:
  /// What is known of a source without attention [B, C]: the first state is made from it.
  const torch::Tensor& fixed_vector(const EncoderOutput& source) const;
  bool attends_after() const { return options_.attention_place == AttentionPlace::kAfter; }
  /// The first layer's step with attention before or between, from project(inputs).
  DecoderStep attend_and_step(const ComputeContext& compute, const torch::Tensor& projected,
                              const DecoderState& state, const DecoderMemory& memory,
                              const DecoderMasks& masks);
  /// A step of attention after the top layer's state; output.hidden is left undefined.
  DecoderStep attend(const ComputeContext& compute, const torch::Tensor& hidden,
                     const DecoderState& state, const DecoderMemory& memory);
  /// The inputs' part of the gates of the first cell, and behind it, if there is one, of the
  /// context gate.
  torch::Tensor project(const ComputeContext& compute, const torch::Tensor& inputs);
  /// The context's part of the gates, from contexts or annotations [..., C]; not with kAfter.
  torch::Tensor map_context(const ComputeContext& compute, const torch::Tensor& context);
  /// What layer `i` above the first reads, of the hidden states below and the contexts.
  torch::Tensor upper_input(const torch::Tensor& below, const torch::Tensor& context) const;
  /// Something made of a tensor of upper layer `i`, from 0.
  using OfUpperLayer = std::function<torch::Tensor(std::size_t i, const torch::Tensor&)>;
  /// The layers above the first, of one step or of all: `drop` gives what a layer reads of the
  /// hidden states below, `run` its own from its inputs. Changes `output.hidden`.
  void read_upwards(DecoderOutput& output, const OfUpperLayer& drop, const OfUpperLayer& run);
  /// All steps of the first layer with attention before or between.
  DecoderOutput attending_sequence(const ComputeContext& compute, const torch::Tensor& inputs,
                                   const DecoderState& initial, const DecoderMemory& memory);
  /// Whether that is the conditional GRU of ops/conditional_gru.h.
  bool is_conditional_gru() const;
  DecoderOutput conditional_gru(const ComputeContext& compute, const torch::Tensor& gates,
                                const torch::Tensor& initial, const AttentionMemory& memory);

  DecoderOptions options_;
  DropoutOptions dropout_;
  RecurrentCell cell_;             // f or f_1
  Linear context_gates_{nullptr};  // kBefore: the context's part of f's gates
  RecurrentCell context_cell_;     // kBetween: f_2
  ContextGate context_gate_{nullptr};
  std::vector<RecurrentCell> upper_cells_;
  Attention attention_{nullptr};
  Linear initial_{nullptr};
};
TORCH_MODULE(Decoder);

}  // namespace weft

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
  torch::Tensor fed;  ///< t [N, R], the last readout; undefined without input feeding
  /// The state of the given hypotheses, rows int64 [M]: reorders, repeats or drops them.
  DecoderState select(const torch::Tensor& rows) const;
};

/// What the decoder keeps of B sources.
struct DecoderMemory {
  AttentionMemory attention;
  /// The context enters through linear maps alone, and W Σ_j α_j h_j = Σ_j α_j (W h_j). When true,
  /// the values are these maps of the annotations [gates; readout], computed once per source.
  bool mapped = false;
  torch::Tensor shares;  ///< EncoderOutput's
  /// For hypotheses of the given sources, sets int64 [N].
  DecoderMemory read_by(const torch::Tensor& sets) const;
};

/// Output of one step (N hypotheses) or of all steps under teacher forcing (then [B, T, ...]).
struct DecoderOutput {
  torch::Tensor hidden;   ///< s [N, H]
  torch::Tensor context;  ///< c [N, C]; from a mapped memory, the readout's map of it
  torch::Tensor weights;  ///< α [N, S]; undefined without attention
  AttentionSample sample = {};
};

/// T steps [N, ...] as [N, T, ...]; undefined if they are.
torch::Tensor stack_steps(const std::vector<torch::Tensor>& steps);

struct DecoderStep {
  DecoderOutput output;
  DecoderState state;
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
/// is s_0 = tanh(W x + b) of the mean annotation or of the encoder's last states x, or zero.
class DecoderImpl : public torch::nn::Module {
 public:
  /// `inputs` is the width of what the first cell reads: the last word's embedding and what is fed.
  /// `sources` is how many texts the annotations are of.
  DecoderImpl(int64_t inputs, int64_t annotation_width, const DecoderOptions& options,
              const AttentionOptions& attention, const DropoutOptions& dropout,
              int64_t sources = 1);

  void initialize();
  DecoderMemory remember(const EncoderOutput& source);
  /// Whether the context may be mapped before it is averaged: it is the mean of any values, and no
  /// layer reads it as it is.
  bool can_map() const;
  /// The same for search, mapped, with the readout's map of the annotations [B, S, R]; where
  /// can_map().
  DecoderMemory remember_mapped(const EncoderOutput& source, const torch::Tensor& readout);
  DecoderState start(const EncoderOutput& source);
  /// Whether outputs have weights.
  bool has_attention() const { return attention_->has_weights(); }
  /// As AttentionImpl.
  void show_first_head() { attention_->show_first_head(); }
  /// Dropout masks [B, T, H] of what each layer above the first reads, for all steps of B
  /// sentences; none where nothing is dropped.
  std::vector<torch::Tensor> layer_masks(int64_t sentences, int64_t steps,
                                         const torch::TensorOptions& options) const;
  /// inputs [N, E + fed]; `masks` are those of this step, [N, H] for each layer above the first;
  /// none: all is kept.
  DecoderStep step(const torch::Tensor& inputs, const DecoderState& state,
                   const DecoderMemory& memory, const std::vector<torch::Tensor>& masks = {});
  /// Teacher forcing: inputs [B, T, E] of y_0 ... y_{T-1}; output [B, T, ...]. What is fed comes
  /// step by step: such a decoder has step() alone.
  DecoderOutput forward(const torch::Tensor& inputs, const DecoderState& initial,
                        const DecoderMemory& memory);

 private:
  /// What is known of a source without attention [B, C]: the first state is made from it.
  const torch::Tensor& fixed_vector(const EncoderOutput& source) const;
  /// The first layer's step without attention, from the input's part of the gates [N, G].
  DecoderStep plain_step(const torch::Tensor& gates, const DecoderState& state);
  /// Recurrent masks of one step of the first layer; undefined without recurrent dropout.
  struct StepMasks {
    torch::Tensor cell;
    torch::Tensor context_cell;
  };
  /// The same with attention before or between.
  DecoderStep attend_and_step(const torch::Tensor& gates, const DecoderState& state,
                              const DecoderMemory& memory, const StepMasks& masks);
  /// The inputs' part of the gates of the first cell, and behind it, if there is one, of the
  /// context gate.
  torch::Tensor project(const torch::Tensor& inputs);
  /// The context's part of the gates, from contexts or annotations [..., C]; not with kAfter.
  torch::Tensor map_context(const torch::Tensor& context);
  /// What layer `i` above the first reads, of the hidden states below and the contexts.
  torch::Tensor upper_input(const torch::Tensor& below, const torch::Tensor& context) const;
  /// Something made of a tensor of upper layer `i`, from 0.
  using OfUpperLayer = std::function<torch::Tensor(std::size_t i, const torch::Tensor&)>;
  /// The layers above the first, of one step or of all: `drop` gives what a layer reads of the
  /// hidden states below, `run` its states from its inputs' gates. Changes `output.hidden`.
  void read_upwards(DecoderOutput& output, const OfUpperLayer& drop, const OfUpperLayer& run);
  /// All steps of the first layer.
  DecoderOutput first_layer(const torch::Tensor& gates, const DecoderState& initial,
                            const DecoderMemory& memory);
  /// Attention of all steps after the top layer's states [B, T, H].
  void attend_after(DecoderOutput& output, const DecoderState& initial,
                    const DecoderMemory& memory);
  DecoderOutput attending_sequence(const torch::Tensor& gates, const DecoderState& initial,
                                   const DecoderMemory& memory);
  /// Whether the first layer is the conditional GRU that fused_sequence() computes.
  bool is_fused(const torch::Tensor& gates) const;
  /// The same for the conditional GRU, in one kernel.
  DecoderOutput fused_sequence(const torch::Tensor& gates, const torch::Tensor& initial,
                               const AttentionMemory& memory);

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

#pragma once
// Recurrent cells. A cell reads an input and a state and gives the next state. One file per family;
// make_cell() below is the only place that knows them all.

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>

#include "config/model_options.h"
#include "ops/recurrence.h"

namespace weft {

/// Dropout on the recurrent connections: h in every product U h of a cell, but not where h is
/// carried over elementwise. Gal & Ghahramani 2016 (arXiv:1512.05287), section 4.
struct RecurrentDropout {
  double probability = 0;
  DropoutKind kind = DropoutKind::kVariational;  ///< one mask for a sequence, or one for each step
};

/// What all cells share. The gates' part that depends on the input alone is linear in it, and is
/// computed for all steps at once. The whole state is one tensor [N, W], so that a beam reorders
/// one thing. No cell keeps a state between calls.
class RecurrentCellImpl : public torch::nn::Module {
 public:
  virtual void initialize() = 0;
  /// The input's part of the gates, affine in the input: [..., I] -> [..., G].
  virtual torch::Tensor project(const ComputeContext& compute, const torch::Tensor& input) = 0;
  /// The same for a transition without input: [N, G].
  virtual torch::Tensor project_nothing(int64_t rows) = 0;
  /// G, the width of what project() returns.
  virtual int64_t gate_width() const = 0;

  /// One step: gates [N, G] from project(), state [N, W] -> next state [N, W].
  torch::Tensor step(const ComputeContext& compute, const torch::Tensor& gates,
                     const torch::Tensor& state, const StateFactors& factors = {}) {
    return next_state(compute, gates, state, factors);
  }
  /// All steps: gates [B, S, G], initial [B, W], mask bool [B, S] -> states [B, S, W]. Where the
  /// mask is false the state is carried over unchanged, so padding before or after a sentence
  /// changes nothing. Recurrent dropout is applied in training.
  virtual torch::Tensor sequence(const ComputeContext& compute, const torch::Tensor& gates,
                                 const torch::Tensor& initial, const torch::Tensor& mask,
                                 Direction direction);

  /// The outputs [B, S, H] of all steps, from inputs [B, S, I]; the rest as with sequence().
  virtual torch::Tensor read(const ComputeContext& compute, const torch::Tensor& inputs,
                             const torch::Tensor& initial, const torch::Tensor& mask,
                             Direction direction) {
    return output(sequence(compute, project(compute, inputs), initial, mask, direction));
  }

  /// The state that begins with output `hidden` [N, H] -> [N, W]; a memory (LSTM) begins empty.
  virtual torch::Tensor start(const torch::Tensor& hidden) const;
  /// What other blocks read of a state: [..., W] -> [..., H].
  virtual torch::Tensor output(const torch::Tensor& state) const {
    return state.narrow(-1, 0, hidden_);
  }
  int64_t hidden() const { return hidden_; }
  virtual int64_t state_width() const { return hidden_; }
  /// M, the width of a recurrent mask.
  virtual int64_t recurrent_mask_width() const { return hidden_; }

  void set_recurrent_dropout(const RecurrentDropout& dropout) { dropout_ = dropout; }
  const RecurrentDropout& recurrent_dropout() const { return dropout_; }
  /// Whether U h is being dropped out: then a sequence is computed step by step.
  bool drops_recurrently() const { return is_training() && dropout_.probability > 0; }

 protected:
  explicit RecurrentCellImpl(int64_t hidden) : hidden_(hidden) {}
  virtual torch::Tensor next_state(const ComputeContext& compute, const torch::Tensor& gates,
                                   const torch::Tensor& state, const StateFactors& factors) = 0;

 private:
  int64_t hidden_;
  RecurrentDropout dropout_;
};

using RecurrentCell = std::shared_ptr<RecurrentCellImpl>;

/// The recurrent masks of one walk over a sequence; undefined without recurrent dropout.
class RecurrentMasks {
 public:
  /// For as many sentences as `state` [N, W] has rows.
  RecurrentMasks(const RecurrentCellImpl& cell, const torch::Tensor& state);
  /// The mask [N, M] of the next step.
  torch::Tensor next();

 private:
  torch::Tensor draw() const;

  RecurrentDropout dropout_;
  bool drops_;
  torch::Tensor ones_;    // [N, M]
  torch::Tensor shared_;  // variational: the mask of all steps
};

struct CellOptions {
  CellType type = CellType::kGru;
  int64_t hidden = 0;
  int64_t transition_depth = 1;
  RecurrentDropout dropout = {};
};

/// The factory of cells: every block that needs one gets it here.
RecurrentCell make_cell(const CellOptions& options, int64_t inputs);

}  // namespace weft

#pragma once
// Gated recurrent units and long short-term memory: one step, all steps, and whole layers.

#include <torch/types.h>

#include <functional>

#include "kernels/cell_sequence.h"
#include "ops/backend.h"

namespace weft {

using kernels::Direction;  // the order in which a sequence is read

/// What multiplies the state's part of a step's gates; undefined: nothing does.
struct StateFactors {
  torch::Tensor before = {};  ///< factor of h in every product U h [N, M]: recurrent dropout
  torch::Tensor after = {};  ///< factor of every block of H units of U h + c [N, H]: a context gate
  bool any() const { return before.defined() || after.defined(); }
};

/// x, or x ⊙ mask where there is one.
inline torch::Tensor masked(const torch::Tensor& x, const torch::Tensor& mask) {
  return mask.defined() ? x * mask : x;
}

/// Every block of H units of x [N, K·H] multiplied by `factor` [N, H], where there is one.
torch::Tensor scaled_blocks(const torch::Tensor& x, const torch::Tensor& factor);

namespace ops {

/// A step of N rows; H hidden units. PyTorch's form and order of gates.
struct CellStep {
  torch::Tensor input_gates;  ///< W x + b [N, 3H] (GRU) or [N, 4H] (LSTM)
  torch::Tensor state;        ///< h [N, H] (GRU) or [h, c] [N, 2H] (LSTM)
  torch::Tensor weight_hh;    ///< U
  torch::Tensor bias_hh;      ///< c
  StateFactors factors = {};
};

/// Gated recurrent unit. Cho et al. 2014 (arXiv:1406.1078); the reset gate acts after the matrix
/// product, as in cuDNN:
///   r = σ(W_r x + b_r + U_r h + c_r),   z = σ(W_z x + b_z + U_z h + c_z)
///   n = tanh(W_n x + b_n + r ⊙ (U_n h + c_n)),   h' = (1 - z) ⊙ n + z ⊙ h
extern const Op<torch::Tensor, CellStep> gru_step;

/// Long short-term memory. Hochreiter & Schmidhuber 1997, with forget gate (Gers et al. 2000):
///   i = σ(W_i x + b_i + U_i h + c_i)      f = σ(W_f x + b_f + U_f h + c_f)
///   g = tanh(W_g x + b_g + U_g h + c_g)   o = σ(W_o x + b_o + U_o h + c_o)
///   c' = f ⊙ c + i ⊙ g                    h' = o ⊙ tanh(c')
extern const Op<torch::Tensor, CellStep> lstm_step;

/// The state's part of some gates, (U (before ⊙ h) + c) in blocks ⊙ after.
torch::Tensor state_gates(const ComputeContext& compute, const CellStep& step);

/// The next [h, c] [N, 2H] of an LSTM from the sums [N, 4H] inside its gates i, f, g, o.
torch::Tensor lstm_state(const torch::Tensor& sums, const torch::Tensor& memory);

struct CellSequence : kernels::CellSequence {
  Direction direction = Direction::kForward;
};

/// All steps: the states [B, S, W]. Where the mask is false the state is carried over.
extern const Op<torch::Tensor, CellSequence> gru_sequence;
extern const Op<torch::Tensor, CellSequence> lstm_sequence;

/// The same of any steps: (gates [B, G], state [B, W]) -> state [B, W].
using StepFunction =
    std::function<torch::Tensor(const torch::Tensor& gates, const torch::Tensor& state)>;
torch::Tensor stepwise(const CellSequence& sequence, const StepFunction& step);

/// A layer and what it reads. Tokens stand before padding in every row of the mask.
struct CellLayer {
  torch::Tensor inputs;   ///< [B, S, I]
  torch::Tensor initial;  ///< [B, W]
  torch::Tensor weight_ih, weight_hh, bias_ih, bias_hh;
  torch::Tensor mask;  ///< bool [B, S]
  Direction direction = Direction::kForward;
};

/// The outputs h [B, S, H] of all steps.
extern const Op<torch::Tensor, CellLayer> gru_layer;
extern const Op<torch::Tensor, CellLayer> lstm_layer;

}  // namespace ops
}  // namespace weft

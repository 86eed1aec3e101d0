#pragma once
// All steps of an LSTM in one autograd function.

#include <torch/types.h>

#include "config/training_options.h"
#include "kernels/direction.h"

namespace weft::kernels {

/// B sentences of S steps, H hidden units; float32 on the CPU. A state is [h, c].
struct LstmSequence {
  torch::Tensor input_gates;  ///< W x + b [B, S, 4H], for all steps at once
  torch::Tensor initial;      ///< [B, 2H]
  torch::Tensor weight_hh;    ///< U [4H, H]
  torch::Tensor bias_hh;      ///< [4H]
  torch::Tensor mask;         ///< bool [B, S]; where it is false the state is carried over
};

/// Long short-term memory. Hochreiter & Schmidhuber 1997, with forget gate (Gers et al. 2000);
/// PyTorch's order of gates. With a = W x + b + U h + bias_hh:
///   i = σ(a_i),  f = σ(a_f),  g = tanh(a_g),  o = σ(a_o),  c' = f ⊙ c + i ⊙ g,  h' = o ⊙ tanh(c')
/// Returns the states [B, S, 2H]; the gradient reaches all four floating-point inputs. The result
/// does not depend on the number of threads. Throws c10::Error on a wrong shape.
torch::Tensor lstm_sequence(const LstmSequence& sequence, Direction direction, Precision precision);

}  // namespace weft::kernels

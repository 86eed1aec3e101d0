#pragma once
// All steps of a GRU in one autograd function.

#include <torch/types.h>

#include "config/training_options.h"
#include "kernels/direction.h"

namespace weft::kernels {

/// B sentences of S steps, H hidden units; float32 on the CPU.
struct GruSequence {
  torch::Tensor input_gates;  ///< W x + b [B, S, 3H], for all steps at once
  torch::Tensor initial;      ///< [B, H]
  torch::Tensor weight_hh;    ///< U [3H, H]
  torch::Tensor bias_hh;      ///< c [3H]
  torch::Tensor mask;         ///< bool [B, S]; where it is false the state is carried over
};

/// Gated recurrent unit. Cho et al. 2014 (arXiv:1406.1078); PyTorch's form and order of gates:
///   r = σ(W_r x + b_r + U_r h + c_r),   z = σ(W_z x + b_z + U_z h + c_z)
///   n = tanh(W_n x + b_n + r ⊙ (U_n h + c_n)),   h' = (1 - z) ⊙ n + z ⊙ h
/// Returns the states [B, S, H]; the gradient reaches all four floating-point inputs. The result
/// does not depend on the number of threads. Throws c10::Error on a wrong shape.
torch::Tensor gru_sequence(const GruSequence& sequence, Direction direction, Precision precision);

}  // namespace weft::kernels

#pragma once
// One step of an LSTM for one sentence, given the products; the equations are in lstm_sequence.h.

#include <cstdint>

namespace weft::kernels {

/// What the backward pass needs of a step: i, f, g, o and tanh c', one after the other.
constexpr int64_t kLstmSavedGates = 5;

struct LstmRow {
  const float* input_gates;  ///< [4H] W x + b
  const float* state_gates;  ///< [4H] U h
  const float* bias;         ///< [4H] bias of the state's part
  float* hidden;             ///< [H] out: h'
  float* memory;             ///< [H] c in, c' out
  float* saved;              ///< [5H]
};
void lstm_forward_row(const LstmRow& row, int64_t hidden);

struct LstmRowGradient {
  const float* saved;     ///< [5H] from the forward pass
  const float* previous;  ///< [H] c
  float* hidden;          ///< [H] dL/dh' in, 0 out: all of dL/dh passes through U
  float* memory;          ///< [H] dL/dc' in, dL/dc out
  float* gates;           ///< [4H] out: dL/d(W x + b) = dL/d(U h)
};
void lstm_backward_row(const LstmRowGradient& row, int64_t hidden);

}  // namespace weft::kernels

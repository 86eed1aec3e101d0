#pragma once
// One step of a GRU for one sentence, given the products; the equations are in gru_sequence.h.
// All arrays hold H floats for each gate named.

#include <cstdint>

namespace weft::kernels {

/// What the backward pass needs of a step: r, z, n and U_n h + c_n, one after the other.
constexpr int64_t kGruSavedGates = 4;

struct GruRow {
  const float* input_gates;  ///< [3H] W x + b
  const float* state_gates;  ///< [3H] U h
  const float* bias;         ///< [3H] c
  const float* previous;     ///< [H] h
  float* state;              ///< [H] h', may be `previous`
  float* saved;              ///< [4H]
};
void gru_forward_row(const GruRow& row, int64_t hidden);

struct GruRowGradient {
  const float* saved;        ///< [4H] from the forward pass
  const float* previous;     ///< [H] h
  const float* state;        ///< [H] dL/dh'
  float* input_gates;        ///< [3H] out: dL/d(W x + b); its r and z parts are dL/d(U h + c) too
  float* hidden_candidate;   ///< [H] out: dL/d(U_n h + c_n)
  float* previous_gradient;  ///< [H] out: the part of dL/dh that does not pass through U
};
void gru_backward_row(const GruRowGradient& row, int64_t hidden);

}  // namespace weft::kernels
